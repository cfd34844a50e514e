// V3, V6, documents and collections, by emulator.fetch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "./helpers.mjs";

const DAY = 86_400_000;

function open(options) {
  const kit = start(options);
  const { call, post } = kit;
  const good = async (answer) => {
    const { status, body } = await answer;
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const say = (content, more = {}) => good(post("/v6/ingest", { user_id: "u", type: "message", content, conversation_id: "c", ...more }));
  const ask = (query, more = {}) => good(post("/v6/recall", { user_id: "u", query, conversation_id: "c", ...more }));
  const upload = (document_id, content, more = {}) =>
    good(post("/v6/documents", { user_id: "u", project_id: "p", document_name: `The ${document_id}`, document_id, content, ...more }));
  const get = (path) => good(kit.get(path));
  return { ...kit, get, say, ask, upload, drop: (path) => call("DELETE", path), send: (path, body) => good(post(path, body)) };
}

const texts = (facts) => facts.map((fact) => fact.object_text);
const all = (pack) => texts([...pack.answer_facts, ...pack.supporting_facts, ...pack.background_context]).sort();

test("V6 recalls facts and text for a prompt", async () => {
  const { say, ask } = open({ now: "2024-05-05T00:00:00Z" });
  await say("My budget is about 900 euros", { role: "user", event_time: "2024-05-01T10:00:00Z" });
  await say("Noted: you would rather take the train", { role: "assistant", event_time: "2024-05-01T10:01:00Z" });
  const pack = await ask("What is the budget?");
  assert.deepEqual(texts(pack.answer_facts), ["My budget is about 900 euros"]);
  assert.deepEqual(pack.supporting_facts, []);
  assert.deepEqual(texts(pack.background_context), ["Noted: you would rather take the train"]);
  assert.deepEqual([pack.working_memory, pack.pending_plan, pack.debug], [null, null, undefined]);
  const { llm_context: context, answer_facts: [fact] } = pack;
  const [preface, ...fenced] = context.text.split("\n");
  assert.match(preface, /not instructions/);
  assert.equal(fenced.join("\n"), [
    "```memories",
    "What answers the question:",
    "- My budget is about 900 euros (user, 2024-05-01)",
    "",
    "What else is known:",
    "- Noted: you would rather take the train (assistant, 2024-05-01)",
    "```",
  ].join("\n"));
  assert.deepEqual([context.reference_time, context.anchor_source], ["2024-05-01T10:01:00.000Z", "conversation_event"]);
  assert.deepEqual(context.conversation_history.map(({ role }) => role), ["user", "assistant"]);
  assert.deepEqual(context.fact_ids[0], fact.fact_id);
  assert.deepEqual([fact.subject, fact.predicate, fact.kind, fact.confidence, fact.document_id], ["user", "said", "message", 1, null]);
});

test("events that feedback names rank first in V6 and V3", async () => {
  const { say, ask, send } = open();
  const { event_id } = await say("tea is fine");
  await say("tea is good");
  const first = await ask("tea", { include: { debug: true } });
  assert.deepEqual(texts(first.answer_facts), ["tea is good", "tea is fine"]);
  const { recall_id } = first.debug;
  const recorded = await send(`/v6/recall/${recall_id}/feedback`, { selected_ids: [first.answer_facts[1].fact_id], user_rating: 5 });
  assert.deepEqual(recorded, { recall_id, facts_recorded: 1 });
  assert.deepEqual(texts((await ask("tea")).answer_facts), ["tea is fine", "tea is good"]);
  const pack = await send("/v3/recall", { user_id: "u", task: "tea", token_budget: 500 });
  assert.deepEqual(pack.citations[0], event_id);
  assert.equal(pack.memory_blocks[0].score_breakdown.verified_boost, 0.1);
  assert.deepEqual([typeof pack.recall_id, typeof pack.as_of, pack.ingestion_lag_seconds], ["string", "string", 0]);
  const again = await send(`/v3/recall/${pack.recall_id}/feedback`, { fact_ids_used: pack.citations });
  assert.deepEqual(again, { recall_id: pack.recall_id, facts_recorded: 2 });
});

test("V6 forgets a conversation and stores a receipt", async () => {
  const { say, ask, send, get } = open();
  await say("here");
  await say("there", { conversation_id: "d" });
  const { receipt_id, deleted_counts } = await send("/v6/forget", { user_id: "u", conversation_id: "c" });
  assert.deepEqual(deleted_counts, { events: 1, chunks: 0, episodes: 1, facts: 0, claims: 0, open_loops: 0 });
  assert.deepEqual(all(await ask("here")), ["there"]);
  const { receipts } = await get("/v1/deletion-receipts?user_id=u");
  assert.equal(receipts[0].receipt_id, receipt_id);
  assert.deepEqual(receipts[0].scope,
    { user_id: "u", conversation_id: "c", project_id: null, thread_id: null, from_time: null, to_time: null });
});

test("V3 keeps forgotten events as tombstones for thirty days", async () => {
  const { emulator, send, get, recall } = open({ now: "2024-05-05T00:00:00Z" });
  await send("/v3/ingest", { user_id: "u", type: "message", content: "tea" });
  const forgotten = await send("/v3/forget", { user_id: "u" });
  assert.match(forgotten.audit_id, /^audit_/);
  assert.deepEqual([forgotten.phase, forgotten.events_tombstoned], ["tombstoned", 1]);
  assert.match(forgotten.grace_expires_at, /^2024-06-04T00:00:0/);
  assert.deepEqual((await recall("tea")).memory_blocks, []);
  const receipt = `/v1/deletion-receipts/${forgotten.receipt_id}`;
  assert.equal((await get(receipt)).completed_at, null);
  assert.match(emulator.exportState(), /"tombstones":/);
  emulator.advance(30 * DAY);
  assert.equal((await get(receipt)).completed_at, forgotten.grace_expires_at);
  assert.doesNotMatch(emulator.exportState(), /"tombstones":/);
});

test("a legal hold refuses the deletion with 409", async () => {
  const { post, send } = open();
  const { event_id } = await send("/v3/ingest", { user_id: "u", type: "message", content: "tea", retention_policy: "legal_hold" });
  for (const path of ["/v3/forget", "/v1/forget", "/v2/forget"]) {
    const { status, body } = await post(path, { user_id: "u" });
    assert.deepEqual([status, body.error.code, body.error.details], [409, "legal_hold", { events_held: 1, event_ids: [event_id] }]);
  }
});

test("documents are cut into sections, processed, listed, replaced and deleted", async () => {
  const { emulator, upload, ask, get, drop } = open();
  const made = await upload("d", "# Revenue\nIt grew to nine millions.\n# Costs\nThey fell.");
  assert.deepEqual(made.sections.map(({ title }) => title), ["Revenue", "Costs"]);
  assert.deepEqual([made.document_id, made.collection_id, made.spans_created, made.status], ["d", null, 2, "processing"]);
  const status = async () => (await get("/v6/documents?user_id=u")).documents[0].document_status;
  assert.deepEqual(await status(), { status: "processing", spans_created: 2, error_message: null });
  emulator.advance(1000);
  assert.equal((await status()).status, "ready");
  const [fact] = (await ask("How did revenue grow?", { document_id: "d" })).answer_facts;
  assert.deepEqual([fact.object_text, fact.document_id, fact.document_name], ["# Revenue\nIt grew to nine millions.", "d", "The d"]);
  await upload("d", "Shrunk.");
  for (const id of ["e", "f"]) await upload(id, "text");
  const page = await get("/v6/documents?user_id=u&limit=2&offset=1");
  assert.deepEqual([page.documents.map(({ document_id }) => document_id), page.total, page.limit, page.offset], [["e", "d"], 3, 2, 1]);
  assert.deepEqual((await drop("/v6/documents/e")).body, { document_id: "e", deleted: true });
  assert.equal((await drop("/v6/documents/e")).status, 404);
  assert.equal((await get("/v6/documents?user_id=u")).total, 2);
});

test("collections have an order, and recall can be limited to one", async () => {
  const { upload, ask, get, send, drop } = open();
  const { collection } = await send("/v6/collections", { user_id: "u", project_id: "p", name: "Books", ordered: true });
  const path = `/v6/collections/${collection.collection_id}`;
  await upload("a", "green tea", { collection_id: collection.collection_id });
  await upload("b", "black tea");
  await upload("z", "white tea");
  await send(`${path}/documents`, { user_id: "u", document_id: "b", position: 0 });
  const got = await get(`${path}?user_id=u`);
  assert.deepEqual(got.documents.map(({ document_id, position }) => [document_id, position]), [["b", 0], ["a", 1]]);
  assert.equal(got.collection.document_count, 2);
  assert.deepEqual((await get("/v6/collections?user_id=u")).collections, [got.collection]);
  assert.deepEqual(all(await ask("tea", { collection_id: collection.collection_id })), ["black tea", "green tea"]);
  assert.equal((await drop(`${path}/documents/b`)).body.removed, true);
  assert.deepEqual(all(await ask("tea", { collection_id: collection.collection_id })), ["green tea"]);
  assert.equal((await drop(`${path}?user_id=u`)).body.deleted, true);
  assert.equal((await get("/v6/documents?user_id=u")).total, 3);
});

test("a state and its changes include everything, and an old state is imported", async () => {
  const one = open({ journal: true, now: "2024-05-05T00:00:00Z" });
  await one.send("/v6/collections", { user_id: "u", project_id: "p", name: "N", collection_id: "k" });
  await one.upload("d", "# A\ntea", { collection_id: "k" });
  await one.say("tea", { scope: "project", project_id: "p" });
  const { recall_id } = (await one.ask("tea", { project_id: "p", include: { debug: true } })).debug;
  await one.send("/v3/ingest", { user_id: "v", type: "message", content: "brief", retention_policy: "ephemeral" });
  await one.send("/v3/forget", { user_id: "v" });
  const state = one.emulator.exportState();
  const copies = [open({ now: "2024-05-05T00:00:00Z" }), open({ now: "2024-05-05T00:00:00Z" })];
  copies[0].emulator.importState(state);
  copies[1].emulator.applyChanges(one.emulator.takeChanges());
  for (const { emulator, ask, send, get } of copies) {
    assert.equal(emulator.exportState(), state);
    assert.deepEqual(all(await ask("tea", { project_id: "p" })), ["# A\ntea", "tea"]);
    assert.equal((await get("/v6/collections/k?user_id=u")).documents[0].document_name, "The d");
    assert.equal((await send(`/v6/recall/${recall_id}/feedback`, { selected_ids: [] })).facts_recorded, 0);
  }
  const old = { format: "claiv-emulator", version: 1, events: [], receipts: [], usage: [] };
  copies[0].emulator.importState(JSON.stringify(old));
  assert.deepEqual(JSON.parse(copies[0].emulator.exportState()), old);
});

test("every issue of a request is named", async () => {
  const { post, call } = open();
  for (const [method, path, body, paths] of [
    ["POST", "/v6/ingest", { user_id: "u", type: "message", content: "x", scope: "all" }, ["conversation_id", "scope"]],
    ["POST", "/v6/recall", { user_id: "u", conversation_id: "c", limits: { answer_facts: -1 } }, ["query", "limits.answer_facts"]],
    ["POST", "/v6/forget", { user_id: "u", projectId: "p" }, ["projectId"]],
    ["POST", "/v6/documents", {}, ["user_id", "content", "document_name", "project_id"]],
    ["POST", "/v6/collections", { ordered: 1 }, ["user_id", "project_id", "name", "ordered"]],
    ["GET", "/v6/collections/c", undefined, ["user_id"]],
    ["POST", "/v3/ingest", { user_id: "u", type: "message", content: "x", retention_policy: "x" }, ["retention_policy"]],
    ["POST", "/v3/recall/r/feedback", {}, ["fact_ids_used"]],
  ]) {
    const { status, body: { error } } = await call(method, path, body);
    assert.deepEqual([status, error.code, error.details.issues.map((issue) => issue.path)], [400, "invalid_request", paths], path);
  }
  assert.equal((await post("/v6/recall/none/feedback", { selected_ids: [] })).body.error.code, "not_found");
});
