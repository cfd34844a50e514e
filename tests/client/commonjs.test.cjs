// The package through `require`: the same client, with no loader, no flag and no waiting.
const assert = require("node:assert/strict");
const test = require("node:test");
const { ClaivClient, ClaivError, ClaivValidationError } = require("claiv-memory");
const { ClaivEmulator } = require("claiv-memory/emulator");

const connect = (emulator) => new ClaivClient({ apiKey: "k", fetch: emulator.fetch });

test("a required client works at once", async () => {
  const client = connect(new ClaivEmulator());
  const { event_id, deduped } = await client.ingest({ user_id: "u", type: "message", content: "tea at five" });
  assert.equal(deduped, false);
  const pack = await client.recall({ user_id: "u", task: "tea", token_budget: 200 });
  assert.deepEqual(pack.citations, [event_id]);
});

test("a required client checks, rejects and closes as the imported one does", async () => {
  const client = connect(new ClaivEmulator());
  await assert.rejects(client.ingest({}), (error) => error instanceof ClaivValidationError && error.issues.length === 3);
  assert.throws(() => new ClaivClient({}), ClaivValidationError);
  client.close();
  await assert.rejects(client.healthCheck(), ClaivError);
});

test("the required and the imported package serve each other", async () => {
  const imported = await import("claiv-memory/emulator");
  const client = connect(new imported.ClaivEmulator());
  await client.ingest({ user_id: "u", type: "message", content: "tea" });
  assert.equal((await client.forget({ user_id: "u" })).deleted_counts.events, 1);
});

test("requiring it again gives the same classes", () => {
  assert.equal(require("claiv-memory").ClaivClient, ClaivClient);
});
