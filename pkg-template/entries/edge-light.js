// Vercel's edge runtime: as in Workers, a .wasm file is imported as a compiled module, asked for by `?module`.
import module from "claiv:wasm";
import { provide } from "../runtime/start.js";

provide(() => module);
