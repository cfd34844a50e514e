// Text of every kind and size comes back as it was sent.
import { equal, event, group, ok, task } from "../context.mjs";

const TEXTS = {
  emoji: "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇵🇹 😀",
  "lone surrogates": "high \ud83d low \ude00 swapped \ude00\ud83d end \udfff",
  "text from right to left": "שלום עולם \u202e مرحبا بالعالم \u202c \u200f",
  NUL: "before\u0000after\u0000",
  "control characters and separators": "\u0001\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe\uffff",
  "combining and astral letters": "e\u0301 ñ n\u0303 𝒜𝕭 𠜎 ﷽ Å\u212b",
  "what JSON escapes": "\"\\/\b\f\n\r\t </script> \\u0041 %00 ' `${1}`",
};

const roundTrip = async (t, claiv, content) => {
  await claiv.ingest(event(t, { content, metadata: { [content]: content, __proto__: null } }));
  return (await claiv.recall(task(t, { task: "anything", token_budget: 8000 }))).memory_blocks[0]?.content;
};

const cases = (where, connect) => Object.fromEntries(Object.entries(TEXTS).map(([name, content]) => [
  `${name}, ${where}`, async (t) => equal(await roundTrip(t, connect(t), content), content),
]));

const MEGABYTES_5 = "0123456789abcdé😀".repeat(5 * 2 ** 20 / 16);

/** Each of many concurrent calls gets its own answer. */
async function many(t, claiv, key) {
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) =>
    claiv.ingest(event(t, { content: `call ${i}`, idempotency_key: `${t.id}-${i}` }))));
  for (const [i, answer] of answers.entries()) ok(key(answer, i), `call ${i} got another's answer: ${JSON.stringify(answer)}`);
  return answers;
}

export const text = [
  group("text", {
    ...cases("over HTTP", (t) => t.http()),
    ...cases("in process", (t) => t.local().claiv),
    async "ids with odd characters reach the path encoded"(t) {
      const urls = [];
      const claiv = t.make({ fetch: async (url) => { urls.push(url); throw new Error("not sent"); }, maxRetries: 0 });
      await claiv.getDeletionReceipt("a/b?c#d é😀").catch(() => {});
      ok(urls[0].endsWith("/v1/deletion-receipts/a%2Fb%3Fc%23d%20%C3%A9%F0%9F%98%80"), urls[0]);
    },
  }),
  group("load", {
    async "5 MB of content, over HTTP and back"(t) {
      const answer = await t.hostile("echo", { timeout: 25_000 }).ingest(event(t, { content: MEGABYTES_5 }));
      equal(answer.content.length, MEGABYTES_5.length);
      ok(answer.content === MEGABYTES_5, "it came back changed");
    },
    async "5 MB of content, in process"(t) {
      const { emulator, claiv } = t.local({ timeout: 25_000 });
      equal((await claiv.ingest(event(t, { content: MEGABYTES_5 }))).deduped, false);
      ok(emulator.exportState().includes(MEGABYTES_5), "it was stored changed");
    },
    async "200 concurrent calls over HTTP"(t) {
      await many(t, t.hostile("echo", { timeout: 25_000 }), (answer, i) => answer.content === `call ${i}` && answer.key === `${t.id}-${i}`);
    },
    async "200 concurrent calls in process"(t) {
      const { claiv } = t.local();
      const answers = await many(t, claiv, ({ deduped }) => deduped === false);
      equal(new Set(answers.map(({ event_id }) => event_id)).size, 200);
    },
  }),
].flat();
