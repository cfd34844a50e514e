// A sender of the storm, in a process, a page or a test: queues events, a few at a time, and sends until nothing is left.
import { ClaivClient } from "claiv-memory";
import { createOutbox } from "claiv-memory/outbox";
import { groupsOf } from "./events.mjs";

/** Gives the outbox, and a promise that resolves once nothing is left. What it says stands in storm.mjs; `signal` ends a flush that nobody waits for. */
export function send({ store, url, first, events, say, fetch = globalThis.fetch, signal }) {
  const client = new ClaivClient({ apiKey: "key-of-the-storm", baseUrl: url, fetch, maxRetries: 1, timeout: 3000 });
  const outbox = createOutbox({
    client, store, version: "v1", concurrency: 50, maxItems: 50_000, onError: () => {},
    onDropped: (event) => say(`dropped ${event.metadata.n}`),
  });
  const run = async () => {
    for (const { next, group } of groupsOf(first, events)) {
      await Promise.all(group.map((event) => outbox.ingest(event)));
      say(`queued ${next}`);
    }
    while ((await outbox.flush({ signal })).left > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await outbox.close();
    say("done");
  };
  return { outbox, done: run() };
}
