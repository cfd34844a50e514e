// Lives of the storm in miniflare: outboxes in Durable Objects, and a queue whose consumer dies.
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { groupsOf } from "../../outbox/storm/events.mjs";
import { listen } from "../support/services.mjs";
import { workerInMiniflare } from "./miniflare.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const CONVERSATIONS = Array.from({ length: 100 }, (_, n) => `t${n}`);

/** The storm's Worker. `start(url)` starts it for the service at `url`, and `stop` kills workerd: what is stored stays. */
async function inWorkerd(t, folder, control) {
  const { version, start, stop, ask } = await workerInMiniflare(t, folder, "storm-worker.mjs");
  return {
    version: `miniflare ${version}`,
    stop,
    ask,
    start: (url) => start({
      bindings: { SERVICE: url, CONTROL: control },
      durableObjects: { OUTBOX: { className: "ConversationOutbox", useSQLite: true } },
      durableObjectsPersist: join(folder, "objects"),
      queueConsumers: { memories: { maxBatchSize: 100, maxBatchTimeout: 0.1, maxRetries: 100, retryDelay: 0 } },
    }),
  };
}

/**
 * Queues the events from `first` on by `queue(events)`, then waits until `isDone()`, and gives `running`, which resolves once all that has ended, and `end`, which
 * ends it early.
 */
function sender({ first, events, say, fail }, queue, isDone) {
  let isOver = false;
  const run = async () => {
    for (const { next, group } of groupsOf(first, events)) {
      if (isOver) return;
      await queue(group);
      say(`queued ${next}`);
    }
    while (!isOver && !(await isDone())) await sleep(50);
    say("done");
  };
  const running = run().catch((error) => { if (!isOver) fail(error); });
  return { running, end: () => { isOver = true; } };
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
      async durableObjectStore(life) {
        await start(life.url);
        drop = (n) => life.say(`dropped ${n}`);
        const { running, end } = sender(
          life,
          (group) => ask("ingest", { events: group }),
          async () => (await ask("flush", { conversations: CONVERSATIONS })).every(({ left }) => left === 0),
        );
        const isWorkerd = ++lives % 4 === 0;
        return {
          async kill() {
            end();
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
      async "a queue"(life) {
        await start(life.url);
        drop = (n) => life.say(`dropped ${n}`);
        const { running, end } = sender(life, (group) => ask("queue", { events: group }), life.isAllStored);
        return {
          async kill() {
            // Whoever queues goes on until then: a batch has to come.
            await new Promise((resolve) => {
              wanted = resolve;
              kill();
            });
            end();
            await running;
            return "consumers";
          },
        };
      },
    },
  };
}
