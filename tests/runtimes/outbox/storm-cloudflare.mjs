// Lives of the storm in miniflare: outboxes in Durable Objects, and a queue whose consumer dies.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { groupsOf } from "../../outbox/storm/events.mjs";
import { listen } from "../support/services.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const CONVERSATIONS = Array.from({ length: 100 }, (_, n) => `t${n}`);

/** Gives the version, `start(url)` for workerd with the Worker, `ask` of the Worker, and `stop`, which kills workerd. What is stored stays. */
async function inWorkerd(t, folder, control) {
  const modules = await t.tools("tests/runtimes/workerd");
  const require = createRequire(pathToFileURL(join(modules, "x.js")));
  const { Miniflare, supportedCompatibilityDate } = await import(pathToFileURL(require.resolve("miniflare")));
  const dist = (name) => join(folder, "node_modules/claiv-memory/dist", name);
  let mf;
  const stop = async () => {
    const last = mf;
    mf = undefined;
    await last?.dispose();
  };
  t.after(stop);
  return {
    version: `miniflare ${require("miniflare/package.json").version}`,
    stop,
    async start(url) {
      mf ??= new Miniflare({
        host: "127.0.0.1", port: 0, compatibilityDate: supportedCompatibilityDate, modulesRoot: folder, cf: false,
        modules: [
          { type: "ESModule", path: join(folder, "storm-worker.mjs") },
          { type: "ESModule", path: join(folder, "claiv-memory"), contents: readFileSync(dist("index.workerd.js"), "utf8") },
          { type: "ESModule", path: join(folder, "claiv-memory/outbox"), contents: readFileSync(dist("outbox.js"), "utf8") },
          { type: "CompiledWasm", path: join(folder, "claiv_memory.wasm"), contents: readFileSync(dist("claiv_memory.wasm")) },
        ],
        bindings: { SERVICE: url, CONTROL: control },
        durableObjects: { OUTBOX: { className: "ConversationOutbox", useSQLite: true } },
        durableObjectsPersist: join(folder, "objects"),
        queueProducers: { QUEUE: { queueName: "memories" } },
        queueConsumers: { memories: { maxBatchSize: 100, maxBatchTimeout: 0.1, maxRetries: 100, retryDelay: 0 } },
      });
      await mf.ready;
    },
    async ask(what, given) {
      const response = await mf.dispatchFetch("http://worker.test/", { method: "POST", body: JSON.stringify({ do: what, ...given }) });
      const { value, error } = await response.json();
      if (error) throw new t.Failure(error);
      return value;
    },
  };
}

/** Durable Objects, all of which die at once, by themselves or with workerd. */
export async function inObjects(t, folder) {
  let drop = () => {};
  const control = await listen(async (incoming, outgoing) => { drop(await text(incoming)); outgoing.end(); });
  t.after(control.close);
  const { version, start, stop, ask } = await inWorkerd(t, folder, control.url);
  let lives = 0;
  return {
    version,
    stores: {
      async durableObjectStore({ url, first, events, say, fail }) {
        await start(url);
        drop = (n) => say(`dropped ${n}`);
        let isOver = false;
        const run = async () => {
          for (const { next, group } of groupsOf(first, events)) {
            if (isOver) return;
            await ask("ingest", { events: group });
            say(`queued ${next}`);
          }
          while (!isOver && (await ask("flush", { conversations: CONVERSATIONS })).some(({ left }) => left > 0)) await sleep(50);
          say("done");
        };
        const running = run().catch((error) => { if (!isOver) fail(error); });
        const isWorkerd = ++lives % 4 === 0;
        return {
          async kill() {
            isOver = true;
            await (isWorkerd ? stop() : ask("die", { conversations: CONVERSATIONS }));
            await running;
            return isWorkerd ? "with workerd" : "by abort";
          },
        };
      },
    },
  };
}

/** A queue whose consumer dies in the middle of a batch. */
export async function throughQueue(t, folder) {
  let drop = () => {};
  /** Consumers that wait for their end, and those who wait for one. */
  const waiting = new Set();
  let wanted;
  const kill = () => {
    const [one] = waiting;
    if (!wanted || !one) return;
    waiting.delete(one);
    one.end("die");
    wanted();
    wanted = undefined;
  };
  const control = await listen(async (incoming, outgoing) => {
    if (incoming.url === "/fate") {
      waiting.add(outgoing);
      outgoing.on("close", () => waiting.delete(outgoing));
      return kill();
    }
    drop(await text(incoming));
    outgoing.end();
  });
  t.after(control.close);
  const { version, start, ask } = await inWorkerd(t, folder, control.url);
  return {
    version,
    stores: {
      async "a queue"({ url, first, events, say, fail, isAllStored }) {
        await start(url);
        drop = (n) => say(`dropped ${n}`);
        let isOver = false;
        const run = async () => {
          for (const { next, group } of groupsOf(first, events)) {
            if (isOver) return;
            await ask("queue", { events: group });
            say(`queued ${next}`);
          }
          while (!isOver && !isAllStored()) await sleep(50);
          say("done");
        };
        const running = run().catch((error) => { if (!isOver) fail(error); });
        return {
          async kill() {
            // Whoever queues goes on until then: a batch has to come.
            await new Promise((resolve) => {
              wanted = resolve;
              kill();
            });
            isOver = true;
            await running;
            return "consumers";
          },
        };
      },
    },
  };
}
