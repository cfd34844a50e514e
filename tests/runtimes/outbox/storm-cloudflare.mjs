// Senders of the storm in miniflare: outboxes in Durable Objects, and a queue whose consumer is killed.
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
function startQueueing({ first, events, say, fail }, queue, isDone) {
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

/** Durable Objects, all of which are killed at once, by `abort()` or with workerd. */
export async function inObjects(t, folder) {
  let onDropped = () => {};
  const control = await listen(async (incoming, outgoing) => { onDropped(await text(incoming)); outgoing.end(); });
  t.after(control.close);
  const { version, start, stop, ask } = await inWorkerd(t, folder, control.url);
  let senders = 0;
  return {
    version,
    stores: {
      async durableObjectStore(sender) {
        await start(sender.url);
        onDropped = (n) => sender.say(`dropped ${n}`);
        const { running, end } = startQueueing(
          sender,
          (group) => ask("ingest", { events: group }),
          async () => (await ask("flush", { conversations: CONVERSATIONS })).every(({ left }) => left === 0),
        );
        const isWorkerd = ++senders % 4 === 0;
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

/** A queue whose consumer is killed in the middle of a batch. */
export async function throughQueue(t, folder) {
  let onDropped = () => {};
  /** The open requests of consumers at work: what is answered kills. */
  const consumers = new Set();
  /** Called when a consumer was killed, by whoever waits for that. */
  let onKilled;
  const killOne = () => {
    const [consumer] = consumers;
    if (!onKilled || !consumer) return;
    consumers.delete(consumer);
    consumer.end("die");
    onKilled();
    onKilled = undefined;
  };
  const control = await listen(async (incoming, outgoing) => {
    if (incoming.url === "/until-killed") {
      consumers.add(outgoing);
      outgoing.on("close", () => consumers.delete(outgoing));
      return killOne();
    }
    onDropped(await text(incoming));
    outgoing.end();
  });
  t.after(control.close);
  const { version, start, ask } = await inWorkerd(t, folder, control.url);
  return {
    version,
    stores: {
      async "a queue"(sender) {
        await start(sender.url);
        onDropped = (n) => sender.say(`dropped ${n}`);
        const { running, end } = startQueueing(sender, (group) => ask("queue", { events: group }), sender.isAllStored);
        return {
          async kill() {
            // Queueing goes on until then: a batch has to come.
            await new Promise((resolve) => {
              onKilled = resolve;
              killOne();
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
