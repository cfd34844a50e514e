// Cloudflare's Queues and Durable Objects in miniflare: messages that come again, in another order, and a consumer that dies.
import { workerInMiniflare } from "./miniflare.mjs";
import { cases, faultsOf, startService } from "./service.mjs";

async function run(t, kind) {
  const { results, add } = cases(t);
  const folder = t.workspace({}, { copy: ["tests/runtimes/outbox"] });
  const service = await startService(t);
  const { version, compatibilityDate, start, ask } = await workerInMiniflare(t, folder, "worker.mjs");
  await start({
    bindings: { SERVICE: service.url, KIND: kind },
    kvNamespaces: ["KV"],
    durableObjects: { OUTBOX: { className: "ConversationOutbox", useSQLite: true }, TOMBSTONES: { className: "TombstoneObject", useSQLite: true } },
    queueConsumers: { memories: { maxBatchSize: 20, maxBatchTimeout: 0.1, maxRetries: 50, retryDelay: 0 } },
  });

  const rejects = (what, given) => ask(what, given).then(() => { throw new t.Failure(`${what} did not reject`); }, (error) => error.message);
  const expect = (actual, wanted, what) => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (a !== b) throw new t.Failure(`${what}: expected ${b}, got ${a}`);
  };
  const until = async (holds, what, ms = 60_000) => {
    for (const since = Date.now(); !(await holds()); await new Promise((resolve) => setTimeout(resolve, 50))) {
      if (Date.now() - since > ms) throw new t.Failure(`${what} did not come within ${ms} ms`);
    }
  };
  const event = (n, more = {}) => ({
    user_id: "u", conversation_id: `c${n % 3}`, type: "message", content: `event ${n}`, metadata: { n },
    // Made by many machines within the same second, in this order.
    event_time: new Date(Date.UTC(2026, 0, 1) + n).toISOString(), idempotency_key: `key-${n}`, ...more,
  });
  const range = (first, count) => Array.from({ length: count }, (_, i) => first + i);
  // Each case has a hundred of its own: what an earlier one left in the queue may still come.
  const storedOf = (hundred) => service.stored.map(({ metadata }) => metadata.n).filter((n) => Math.floor(n / 100) === hundred).sort((a, b) => a - b);
  const notes = () => service.notes.map((one) => JSON.parse(one));
  /** What a deletion is to have no part of any more. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 1500));

  await add("queued events are stored once each, though messages are delivered again", async () => {
    service.reset();
    service.fail = ({ metadata: { n } }, count) => (count % 3 === 0 ? "after" : n % 7 === 0 && count < 40 ? 503 : undefined);
    await ask("queue", { events: range(0, 60).map((n) => event(n)) });
    await until(() => storedOf(0).length >= 60, "60 events");
    expect(storedOf(0), range(0, 60), "stored");
    if (service.requests < 70) throw new t.Failure(`${service.requests} requests: nothing was delivered again`);
  });

  await add("each message is acknowledged by its own outcome: a refusal is told and gone, its followers are stored", async () => {
    service.reset();
    service.fail = ({ metadata: { n } }) => (n % 5 === 0 ? 422 : undefined);
    await ask("queue", { events: range(100, 20).map((n) => event(n)) });
    await until(() => storedOf(1).length >= 16 && notes().length >= 4, "20 outcomes");
    expect(notes().filter((one) => "dropped" in one).map((one) => one.dropped).sort((a, b) => a - b), [100, 105, 110, 115], "dropped");
    expect(storedOf(1), range(100, 20).filter((n) => n % 5 !== 0), "stored");
  });

  await add("within a batch a conversation goes in the order of its event_time, whatever order the queue has", async () => {
    service.reset();
    await ask("queue", { events: range(200, 18).reverse().map((n) => event(n)) });
    await until(() => storedOf(2).length >= 18, "18 events");
    expect(storedOf(2), range(200, 18), "stored");
    const times = service.stored.map(({ event_time }) => event_time);
    expect(times.every(Boolean), true, "event_time on each");
  });

  await add("a consumer that dies after it has sent: the batch comes again, and nothing is stored twice", async () => {
    service.reset();
    const seen = new Map();
    service.fail = ({ metadata: { n } }) => void seen.set(n, (seen.get(n) ?? 0) + 1);
    await ask("queue", { events: range(300, 10).map((n) => event(n, { metadata: { n, dies: true } })) });
    await until(() => range(300, 10).every((n) => seen.get(n) >= 2), "the batch again");
    expect(storedOf(3), range(300, 10), "stored");
  });

  await add("a message that is no event is told and acknowledged", async () => {
    service.reset();
    await ask("raw", { body: { odd: 1 } });
    await until(() => notes().some(({ error }) => /no event of an outbox/.test(error)), "the note");
    expect(notes()[0].details, { odd: 1 }, "details");
  });

  await add("without tombstones forget is refused, with the reason", async () => {
    service.reset();
    const message = await rejects("forgetQueued", { request: { user_id: "u" }, bare: true });
    if (!/^ClaivError: Nothing was forgotten: events that are queued cannot be taken back/.test(message)) throw new t.Failure(message);
    expect(service.forgets, [], "forgets");
  });

  await add("a deletion is obeyed by the consumer: what waited is not stored afterwards, what came later is", async () => {
    service.reset();
    let isDown = true;
    service.fail = () => (isDown ? 503 : undefined);
    await ask("queue", { events: range(400, 10).map((n) => event(n, { user_id: "w" })) });
    await until(() => service.requests > 2, "a first try");
    await ask("forgetQueued", { request: { user_id: "w" } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ask("queue", { events: [event(450, { user_id: "w", event_time: undefined })] });
    isDown = false;
    await until(() => storedOf(4).includes(450), "the later event");
    await settle();
    expect(storedOf(4), [450], "stored");
    expect(service.forgets[0], { user_id: "w" }, "forget");
  });

  await add("a deletion that comes while an event is on its way is repeated after it, up to the deletion's time", async () => {
    service.reset();
    let answer;
    service.fail = ({ user_id }) => (user_id === "x" ? new Promise((resolve) => { answer = resolve; }) : undefined);
    await ask("queue", { events: [event(500, { user_id: "x" })] });
    await until(() => answer, "the event");
    const [before, , after] = [Date.now(), await ask("forgetQueued", { request: { user_id: "x" } }), Date.now()];
    answer();
    await until(() => service.forgets.length >= 2, "the second deletion");
    expect(storedOf(5), [], "stored");
    const at = Date.parse(service.forgets[1].to_time);
    if (!(at >= before && at <= after)) throw new t.Failure(`to_time ${service.forgets[1].to_time}`);
  });

  if (kind === "object") {
    await add("Durable Object: the contract of stores", async () => {
      const faults = await ask("contract", { conversation: "contract" });
      // Each check has the same storage: what "opens it again" finds is what was there.
      expect(faults, [], "broken");
    });

    await add("Durable Object: events of a conversation keep their order through failures, and none is stored twice", async () => {
      service.reset();
      service.fail = (one, n) => [undefined, "after", 503][n % 3];
      await ask("objectIngest", { conversation: "c", events: range(600, 12).map((n) => event(n, { conversation_id: "c" })) });
      await until(async () => (await ask("objectFlush", { conversation: "c" })).left === 0, "the end");
      expect(faultsOf(service.stored, range(600, 12)), [], "stored");
    });

    await add("Durable Object: one that is killed goes on with what was durable, woken by its alarm", async () => {
      service.reset();
      service.fail = () => 503;
      await ask("objectIngest", { conversation: "d", events: range(700, 6).map((n) => event(n, { conversation_id: "d" })) });
      const alarm = await ask("objectAlarm", { conversation: "d" });
      if (!(alarm > Date.now() && alarm < Date.now() + 31_000)) throw new t.Failure(`alarm ${alarm}`);
      await ask("objectDie", { conversation: "d" });
      service.fail = () => undefined;
      await until(async () => (service.stored.length === 6 ? true : void (await ask("objectFlush", { conversation: "d" }))), "the end");
      expect(faultsOf(service.stored, range(700, 6)), [], "stored");
    });

    await add("Durable Object: forget takes out what waits", async () => {
      service.reset();
      service.fail = () => 503;
      await ask("objectIngest", { conversation: "e", events: range(800, 3).map((n) => event(n, { conversation_id: "e" })) });
      await ask("objectForget", { conversation: "e", request: { user_id: "u", conversation_id: "e" } });
      expect(await ask("objectFlush", { conversation: "e" }), { sent: 0, left: 0 }, "flush");
      expect(service.forgets, [{ user_id: "u", conversation_id: "e" }], "forgets");
    });
  }
  return { version: `${version}, ${compatibilityDate}`, results };
}

export const rows = [
  { id: "outbox-cloudflare", title: "Outbox in miniflare: Queues, Durable Objects", quick: true, run: (t) => run(t, "object") },
  { id: "outbox-cloudflare-kv", title: "Outbox in miniflare: Queues, tombstones in KV", run: (t) => run(t, "kv") },
];
