// Workers around the outbox: a producer and a consumer of a queue, tombstones, and an outbox in a Durable Object for each conversation.
import { DurableObject } from "cloudflare:workers";
import { ClaivClient } from "claiv-memory";
import {
  TombstoneObject, createOutbox, durableObjectStore, handleAlarm, handleQueue, kvTombstones, objectTombstones, queueOutbox, storeContract,
} from "claiv-memory/outbox";

export { TombstoneObject };

const clientOf = (env) => new ClaivClient({ apiKey: "key-of-a-worker", baseUrl: env.SERVICE, maxRetries: 0, timeout: 5000 });

/** Keeps the order of one conversation, from however many machines its events come. */
export class ConversationOutbox extends DurableObject {
  outbox = createOutbox({ client: clientOf(this.env), store: durableObjectStore(this.ctx.storage), version: "v6", onError: () => {} });

  ingest(event) {
    return this.outbox.ingest(event);
  }

  async flush() {
    return this.outbox.flush();
  }

  forget(request) {
    return this.outbox.forget(request);
  }

  async alarm() {
    await handleAlarm(this.ctx.storage, this.outbox);
  }

  alarmTime() {
    return this.ctx.storage.getAlarm();
  }

  /** As an eviction or a crash does. */
  die() {
    this.ctx.abort("killed by the test");
  }

  /** The contract, with this object's storage as the only store. */
  async contract() {
    await this.outbox.close();
    const faults = [];
    for (const { name, run } of storeContract(async () => durableObjectStore(this.ctx.storage))) {
      await this.ctx.storage.deleteAll();
      await run().catch((error) => faults.push(`${name}: ${error.message}`));
    }
    return faults;
  }
}

const tombstonesOf = (env) => (env.KIND === "kv" ? kvTombstones(env.KV) : objectTombstones(env.TOMBSTONES));

export default {
  async fetch(request, env) {
    const { do: what, ...given } = await request.json();
    const outbox = queueOutbox(env.QUEUE, { client: clientOf(env), version: "v6", tombstones: given.bare ? undefined : tombstonesOf(env) });
    const object = () => env.OUTBOX.get(env.OUTBOX.idFromName(given.conversation));
    const programs = {
      queue: () => Promise.all(given.events.map((event) => outbox.ingest(event))),
      forgetQueued: () => outbox.forget(given.request),
      raw: () => env.QUEUE.send(given.body),
      objectIngest: async () => { for (const event of given.events) await object().ingest(event); },
      objectFlush: () => object().flush(),
      objectForget: () => object().forget(given.request),
      objectAlarm: () => object().alarmTime(),
      objectDie: () => object().die().catch(() => {}),
      contract: () => object().contract(),
    };
    try {
      return Response.json({ value: (await programs[what]()) ?? null });
    } catch (error) {
      return Response.json({ error: `${error.name}: ${error.message}` });
    }
  },

  async queue(batch, env) {
    const note = (what) => fetch(`${env.SERVICE}/note`, { method: "POST", body: JSON.stringify(what) }).then((answer) => answer.text());
    await handleQueue(batch, {
      client: clientOf(env),
      tombstones: tombstonesOf(env),
      onDropped: (event) => note({ dropped: event.metadata.n }),
      onError: (error) => note({ error: String(error), details: error.details }),
    });
    // A consumer that dies after it has sent: nothing of the batch is acknowledged.
    if (batch.messages.some(({ body, attempts }) => body?.event?.metadata?.dies && attempts === 1)) throw new Error("the consumer dies");
  },
};
