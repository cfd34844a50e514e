// Serves an edge function in the strict form: no code from strings, and no wasm but the modules that came with it. As on
// Vercel, `import module from "./x.wasm?module"` is a compiled module that the platform hands in.
import { readFileSync } from "node:fs";
import { EdgeRuntime, runServer } from "edge-runtime";

const [program, ...modules] = process.argv.slice(2);
const extend = (context) => Object.assign(context, Object.fromEntries(modules.map((file, i) => [`wasm_${i}`, new WebAssembly.Module(readFileSync(file))])));
const runtime = new EdgeRuntime({ initialCode: readFileSync(program, "utf8"), extend, codeGeneration: { strings: false, wasm: false } });
const server = await runServer({ runtime, host: "127.0.0.1", port: 0 });
console.log(`listening on ${server.url}`);
