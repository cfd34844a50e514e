// brand.js and start.js over a module that a test makes up: `claiv:instance` is what it says.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL("../../pkg-template/runtime/", import.meta.url));

/**
 * A fresh copy of the runtime. `createInstance(compiled, guard)` gives the guard its glue, as the generated one does.
 * It is called when `provide` is, and again for each fresh instance.
 */
export async function load(createInstance) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from "./brand.js"; export * from "./start.js"; export { Problem } from "./problem.js";`, resolveDir: folder },
    bundle: true, write: false, format: "iife", globalName: "runtime", footer: { js: "return runtime;" },
    plugins: [{
      name: "made-up",
      setup(build) {
        build.onResolve({ filter: /^claiv:instance$/ }, ({ path }) => ({ path, namespace: "made-up" }));
        build.onLoad({ filter: /./, namespace: "made-up" }, () => ({ contents: "export const createInstance = CREATE_INSTANCE;" }));
      },
    }],
  });
  return new Function("CREATE_INSTANCE", outputFiles[0].text)(createInstance);
}

/** A glue with a function and a class `Thing`, whose methods go through the guard as those of wasm do. */
export function things(made = []) {
  return (compiled, guard) => {
    const wasm = guard.wrap({
      boom() {
        throw new WebAssembly.RuntimeError("unreachable");
      },
    }, {});
    class Thing {
      constructor(options) {
        if (options?.refuse) throw { class: "Refused", message: "no" };
        this.options = options;
        made.push(this);
      }

      free() {
        this.freed = true;
      }

      __secret() {}

      async echo(word) {
        if (word === undefined) throw { class: "Refused", message: "a word is missing" };
        return `${this.options?.name}: ${word}`;
      }

      wait(reason) {
        if (reason) throw reason;
        return new Promise(() => {});
      }

      async boom() {
        wasm.boom(1);
      }

      crash() {
        return wasm.boom(1);
      }

      close() {
        return "closed";
      }

      get name() {
        return this.options?.name;
      }
    }
    const named = (name) => {
      if (!name) throw { class: "Refused", message: "a name is missing" };
      return { name };
    };
    guard.glue = { Thing, named };
  };
}
