// Vercel's edge runtime: as in Workers, a .wasm file is imported as a compiled module, asked for by `?module`.
import module from "claiv:wasm";
import { instantiate } from "./instantiate.js";

instantiate(module);
