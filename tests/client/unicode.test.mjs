// Text of every kind goes to the emulator and comes back as it was.
import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "../support/client.mjs";
import { serveEmulator } from "../support/emulator.mjs";

const TEXTS = {
  "emoji with joiners": "👩‍👩‍👧‍👦 likes tea",
  "emoji at a surrogate boundary": "x".repeat(255) + "😀 tea",
  "right to left": "שלום \u202etea\u202c مرحبا",
  "combining marks": "te\u0301a\u0327 z\u0351\u0310 tea",
  "Chinese, Japanese and Korean": "茶 お茶 차 tea",
  "a NUL": "tea\0after",
  "all control characters": `tea ${String.fromCharCode(...Array.from({ length: 32 }, (_, i) => i))}\x7f\x80\x9f`,
  "line separators": "tea\u2028\u2029\u0085",
  "a byte order mark": "\ufefftea",
  "non-characters": "tea \ufffe \uffff \u{10ffff}",
  "quotes and backslashes": 'tea "\\" \\u0041 \\\\ </script>',
  "blanks at both ends": "  tea\t\n",
  "a replacement character": "tea \ufffd",
};
const LONE = { "a lone high surrogate": "tea \ud83d!", "a lone low surrogate": "\ude00 tea", "surrogates the wrong way round": "tea \ude00\ud83d" };

for (const [what, text] of Object.entries(TEXTS)) {
  test(`${what} in content comes back as it was`, async (t) => {
    const server = await serveEmulator(t);
    const client = connect(server);
    const { event_id } = await client.ingest({ user_id: "u", type: "message", content: text });
    const pack = await client.recall({ user_id: "u", task: "tea", token_budget: 8000 });
    assert.deepEqual(pack.memory_blocks.map(({ content }) => content), [text]);
    assert.deepEqual(pack.citations, [event_id]);
    assert.equal(server.emulator.requests[0].body.content, text);
  });

  test(`${what} in a user's id and a thread's id names the same user and thread everywhere`, async (t) => {
    const server = await serveEmulator(t);
    const client = connect(server);
    const scope = { user_id: text, thread_id: text };
    await client.ingest({ ...scope, type: "message", content: "tea" });
    await client.ingest({ user_id: `${text}2`, type: "message", content: "tea" });
    assert.equal((await client.recall({ ...scope, task: text, token_budget: 200 })).citations.length, 1);
    const { receipt_id, deleted_counts } = await client.forget(scope);
    assert.equal(deleted_counts.events, 1);
    const { receipts, total } = await client.listDeletionReceipts({ user_id: text });
    assert.deepEqual([total, receipts[0].receipt_id, receipts[0].scope.user_id], [1, receipt_id, text]);
    assert.equal((await client.getDeletionReceipt(receipt_id)).scope.thread_id, text);
  });
}

for (const [what, text] of Object.entries(LONE)) {
  test(`${what} is stored and does not spoil what stands around it`, async (t) => {
    const server = await serveEmulator(t);
    const client = connect(server);
    const { event_id } = await client.ingest({ user_id: "u", type: "message", content: text });
    const pack = await client.recall({ user_id: "u", task: "tea", token_budget: 8000 });
    assert.deepEqual(pack.citations, [event_id]);
    // A server that keeps UTF-8 cannot keep half a character; it may stand as it was or as U+FFFD, nothing else.
    assert.equal(pack.memory_blocks[0].content.toWellFormed?.() ?? pack.memory_blocks[0].content.replace(/\p{Cs}/gu, "\ufffd"), text.replace(/\p{Cs}/gu, "\ufffd"));
  });
}

test("an idempotency key of any letters dedupes", async (t) => {
  const server = await serveEmulator(t);
  const client = connect(server);
  const event = { user_id: "u", type: "message", content: "tea", idempotency_key: "ключ 😀 \0" };
  const first = await client.ingest(event);
  assert.deepEqual(await client.ingest(event), { event_id: first.event_id, deduped: true });
});

test("metadata's names and values arrive letter for letter", async (t) => {
  const server = await serveEmulator(t);
  const metadata = Object.fromEntries([...Object.values(TEXTS), ...Object.values(LONE)].map((text) => [`k ${text}`, [text, { [text]: text }]]));
  let sent;
  const client = connect(server, { fetch: (url, init) => { sent = init.body; return fetch(url, init); } });
  await client.ingest({ user_id: "u", type: "message", content: "tea", metadata });
  assert.deepEqual(JSON.parse(sent).metadata, metadata);
  assert.ok(sent.isWellFormed?.() ?? true);
});
