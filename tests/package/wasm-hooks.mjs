// Gives Node what workerd and the edge runtime have: `import module from "./x.wasm"` is a compiled module.
import { register } from "node:module";

register(`data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from "node:fs";
  export async function load(url, context, next) {
    if (!/\\.wasm(\\?module)?$/.test(url)) return next(url, context);
    const path = JSON.stringify(new URL(url).pathname);
    const source = "import { readFileSync } from 'node:fs'; export default new WebAssembly.Module(readFileSync(" + path + "));";
    return { format: "module", shortCircuit: true, source };
  }
`)}`);
