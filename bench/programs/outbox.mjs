// Measures stores, in whatever runtime this is loaded.

const eventOf = (n) => ({ user_id: `u${n % 7}`, conversation_id: `c${n % 20}`, type: "message", role: "user", content: `User prefers dark mode, and this is event ${n}.` });
const answer = () => Promise.resolve(new Response('{"event_id":"e","deduped":false}', { headers: { "content-type": "application/json" } }));
/** Nothing is sent while it is measured how long queueing takes. */
const never = () => new Promise(() => {});

async function timed(work) {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

/**
 * For each store: microseconds of a bare ingest, of one that is queued, by itself and ten at once, and how many events a second go from
 * `ingest` to their removal.
 */
export async function measure({ ClaivClient, createOutbox }, stores, events) {
  const bare = new ClaivClient({ apiKey: "k", fetch: answer });
  const run = async (count) => { for (let n = 0; n < count; n++) await bare.ingestV6(eventOf(n)); };
  await run(events);
  const bareUs = (await timed(() => run(events))) * 1000 / events;
  const found = [];
  for (const [store, open] of Object.entries(stores)) {
    const options = { version: "v6", maxItems: 10 * events, onError: () => {} };
    const held = { client: new ClaivClient({ apiKey: "k", fetch: never }), ...options };
    const queue = createOutbox({ ...held, store: open() });
    const queuedUs = (await timed(async () => { for (let n = 0; n < events / 10; n++) await queue.ingest(eventOf(n)); })) * 1000 / (events / 10);
    const atOnceUs = (await timed(async () => {
      for (let n = 0; n < events; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => queue.ingest(eventOf(n + i))));
    })) * 1000 / events;
    const through = createOutbox({ client: bare, ...options, store: open() });
    const ms = await timed(async () => {
      for (let n = 0; n < events; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => through.ingest(eventOf(n + i))));
      while ((await through.flush()).left > 0);
    });
    await through.close();
    found.push({ store, bareUs, queuedUs, atOnceUs, perSecond: events / (ms / 1000) });
  }
  return found;
}
