// V1, which is what 0.2.1 calls ingest, recall and forget.
import assert from "node:assert/strict";
import { METHODS } from "../methods.mjs";

export function oldTests(kit) {
  const { ingest, recall, forget } = METHODS[kit.version];
  const user_id = "of-v1";
  const event = { ...ingest.required, user_id };
  const task = { user_id, task: "dark mode", token_budget: 500 };

  kit.test("V1: what is ingested is recalled, and once forgotten is not", async () => {
    const first = await kit.result("ingest", [{ ...event, ...ingest.optional }]);
    assert.deepEqual(await kit.result("ingest", [{ ...event, ...ingest.optional }]), { event_id: first.event_id, deduped: true });
    await kit.result("ingest", [{ ...event, content: "Überschrift 😀 \u0000" }]);
    const pack = await kit.result("recall", [task]);
    assert.deepEqual(pack.memory_blocks[0].source_ids, [first.event_id]);
    assert.ok((await kit.result("recall", [{ ...recall.required, ...recall.optional, user_id, scope: {} }])).token_estimate <= 2000);
    assert.ok((await kit.result("recall_v2", [{ ...task, mode: "state" }])).memory_blocks[0].evidence.length > 0);
    const { receipt_id, deleted_counts } = await kit.result("forget", [{ user_id }]);
    assert.equal(deleted_counts.events, 2);
    assert.deepEqual((await kit.result("get_deletion_receipt", [receipt_id])).deleted_counts, deleted_counts);
    assert.deepEqual((await kit.result("recall", [task])).memory_blocks, []);
    await kit.result("forget", [{ ...forget.required, ...forget.optional, user_id }]);
  });
}
