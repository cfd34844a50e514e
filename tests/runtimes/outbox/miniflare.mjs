// A Worker of this folder, with the package, in miniflare.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Gives the `version` of miniflare, the newest `compatibilityDate` that it supports, `start(options)` for `worker` with further options of miniflare's, `stop`, and
 * `ask(what, given)`, which gives what the Worker answers and throws what it reports as an error.
 */
export async function workerInMiniflare(t, folder, worker) {
  const modules = await t.tools("tests/runtimes/workerd");
  const require = createRequire(pathToFileURL(join(modules, "x.js")));
  const { Miniflare, supportedCompatibilityDate: compatibilityDate } = await import(pathToFileURL(require.resolve("miniflare")));
  const dist = (name) => join(folder, "node_modules/claiv-memory/dist", name);
  let mf;
  const stop = async () => {
    const last = mf;
    mf = undefined;
    await last?.dispose();
  };
  t.after(stop);
  return {
    version: require("miniflare/package.json").version,
    compatibilityDate,
    /** Does nothing while one runs. */
    async start(options) {
      mf ??= new Miniflare({
        host: "127.0.0.1", port: 0, compatibilityDate, modulesRoot: folder, cf: false,
        modules: [
          { type: "ESModule", path: join(folder, worker) },
          { type: "ESModule", path: join(folder, "claiv-memory"), contents: readFileSync(dist("index.workerd.js"), "utf8") },
          { type: "ESModule", path: join(folder, "claiv-memory/outbox"), contents: readFileSync(dist("outbox.js"), "utf8") },
          { type: "CompiledWasm", path: join(folder, "claiv_memory.wasm"), contents: readFileSync(dist("claiv_memory.wasm")) },
        ],
        queueProducers: { QUEUE: { queueName: "memories" } },
        ...options,
      });
      await mf.ready;
    },
    stop,
    async ask(what, given) {
      const response = await mf.dispatchFetch("http://worker.test/", { method: "POST", body: JSON.stringify({ do: what, ...given }) });
      const { value, error } = await response.json();
      if (error) throw new t.Failure(error);
      return value;
    },
  };
}
