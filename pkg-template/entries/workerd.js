// Cloudflare Workers: code may not be compiled from bytes there, but a .wasm file is imported as a compiled module.
import module from "claiv:wasm";
import { instantiate } from "./instantiate.js";

instantiate(module);
