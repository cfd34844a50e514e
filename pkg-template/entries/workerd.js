// Cloudflare Workers: code may not be compiled from bytes there, but a .wasm file is imported as a compiled module.
import module from "claiv:wasm";
import { provide } from "../runtime/start.js";

provide(() => module);
