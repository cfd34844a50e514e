// What both versions of the Python client have: V2, receipts, usage, health. Each test has a user of its own.
import assert from "node:assert/strict";
import { METHODS } from "../methods.mjs";

export function sharedTests(kit) {
  const { recall_v2: RECALL, forget_v2: FORGET } = METHODS[kit.version];

  kit.test("V2 recalls in each mode, and with every field", async () => {
    for (const mode of [undefined, "state", "delta", "tasks", "audit", "compose", "conversation"]) {
      await kit.result("recall_v2", [{ ...RECALL.required, ...(mode && { mode }) }]);
    }
    await kit.result("recall_v2", [{ ...RECALL.required, ...RECALL.optional }]);
  });

  kit.test("usage and limits of every range", async () => {
    for (const range of ["7d", "30d", "month", "today"]) {
      assert.equal((await kit.result("get_usage_summary", [range])).range, range);
      assert.equal((await kit.result("get_usage_breakdown", [range])).range, range);
    }
    assert.equal((await kit.result("get_usage_summary")).range, "7d");
    assert.ok((await kit.result("get_usage_breakdown")).endpoints.length > 0);
    assert.equal((await kit.result("get_usage_limits")).is_within_quota, true);
    assert.deepEqual(await kit.result("health_check"), { ok: true });
  });

  kit.test("each forget has its receipt, and they come in pages", async () => {
    const user_id = "of-receipts";
    const receipts = [];
    for (let i = 0; i < 2; i++) receipts.unshift((await kit.result("forget_v2", [{ ...FORGET.required, ...FORGET.optional, user_id }])).receipt_id);
    const receipt = await kit.result("get_deletion_receipt", [receipts[1]]);
    assert.equal(receipt.scope.user_id, user_id);
    const { receipts: listed, ...page } = await kit.result("list_deletion_receipts", [], { user_id, limit: 1, offset: 1 });
    assert.deepEqual([page, listed], [{ total: 2, limit: 1, offset: 1 }, [receipt]]);
    assert.equal((await kit.result("list_deletion_receipts")).limit, 20);
  });

  kit.test("errors are the API's", async () => {
    await kit.refused(400, "invalid_request", "recall_v2", [{ user_id: "u" }]);
    await kit.refused(401, "unauthorized", "get_usage_limits", [], {}, "another-key");
    await kit.refused(404, "not_found", "get_deletion_receipt", ["none"]);
  });
}
