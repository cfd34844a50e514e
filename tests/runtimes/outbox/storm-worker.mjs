// The Worker of the storm: an outbox in a Durable Object for each conversation, and a queue with its consumer.
import { DurableObject } from "cloudflare:workers";
import { ClaivClient } from "claiv-memory";
import { createOutbox, durableObjectStore, handleAlarm, handleQueue, queueOutbox } from "claiv-memory/outbox";

const clientOf = (env) => new ClaivClient({ apiKey: "key-of-the-storm", baseUrl: env.SERVICE, maxRetries: 1, timeout: 3000 });
const tell = (env, what) => fetch(`${env.CONTROL}/dropped`, { method: "POST", body: String(what) });
const onDropped = (env) => async (event) => { await (await tell(env, event.metadata.n)).text(); };

export class ConversationOutbox extends DurableObject {
  outbox = createOutbox({ client: clientOf(this.env), store: durableObjectStore(this.ctx.storage), version: "v1", onError: () => {}, onDropped: onDropped(this.env) });

  ingest(event) {
    return this.outbox.ingest(event);
  }

  flush() {
    return this.outbox.flush();
  }

  alarm() {
    return handleAlarm(this.ctx.storage, this.outbox);
  }

  /** As an eviction or a crash does. */
  die() {
    this.ctx.abort("killed by the storm");
  }
}

export default {
  async fetch(request, env) {
    const { do: what, events, conversations } = await request.json();
    const object = (name) => env.OUTBOX.get(env.OUTBOX.idFromName(name));
    const queue = queueOutbox(env.QUEUE, { client: clientOf(env), version: "v1" });
    const programs = {
      ingest: () => Promise.all(events.map((event) => object(event.thread_id).ingest(event))),
      queue: () => Promise.all(events.map((event) => queue.ingest(event))),
      flush: () => Promise.all(conversations.map((name) => object(name).flush())),
      die: () => Promise.all(conversations.map((name) => object(name).die().catch(() => {}))),
    };
    try {
      return Response.json({ value: (await programs[what]()) ?? null });
    } catch (error) {
      return Response.json({ error: `${error.name}: ${error.message}` });
    }
  },

  /** Fails in the middle of a batch when the test says so. */
  async queue(batch, env) {
    const over = new AbortController();
    const answered = fetch(`${env.CONTROL}/until-killed`, { signal: over.signal }).then((answer) => answer.text());
    const killed = answered.then(() => { throw new Error("killed by the storm"); });
    killed.catch(() => {});
    await Promise.race([handleQueue(batch, { client: clientOf(env), onError: () => {}, onDropped: onDropped(env) }), killed]);
    over.abort();
  },
};
