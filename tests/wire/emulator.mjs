// The Python client at work against the emulator, over HTTP: a client that we did not write judges what it answers.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { METHODS, nameHere } from "./methods.mjs";
import { assertShape } from "./shapes.mjs";

const BIN = createRequire(import.meta.url).resolve("claiv-memory/package.json").replace("package.json", "bin/claiv-emulator.js");
const KEY = "key-of-the-emulator";

async function startEmulator() {
  const child = spawn(process.execPath, [BIN, "--port", "0", "--api-key", KEY], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    return { url, stop: async () => (child.kill(), await once(child, "close")) };
  }
  throw new Error("the emulator ended before it listened");
}

export function emulatorTests(python) {
  const { version } = python;
  const V1 = "0.2.1";
  /** What is of V1 and V2 in this version. */
  const has = (method) => nameHere(method, version) === nameHere(method, V1);
  describe(`${version}: the Python client against claiv-emulator`, () => {
    let emulator;
    before(async () => void (emulator = await startEmulator()));
    after(() => emulator.stop());

    const called = new Set();
    async function call(method, args = [], kwargs = {}, key = KEY) {
      const { outcome } = await python.call(method, { args, kwargs, client: { api_key: key, base_url: emulator.url, max_retries: 0 } });
      return outcome;
    }
    /** The result of a call that must succeed, of the documented shape. */
    async function result(method, args, kwargs) {
      const outcome = await call(method, args, kwargs);
      assert.ok("result" in outcome, `${method}: ${JSON.stringify(outcome)}`);
      assertShape(outcome.result, method);
      called.add(method);
      return outcome.result;
    }

    if (version === V1) test(`${version}: what is ingested is recalled`, async () => {
      const { required, optional } = METHODS[version].ingest;
      const first = await result("ingest", [{ ...required, ...optional }]);
      assert.deepEqual(await result("ingest", [{ ...required, ...optional }]), { event_id: first.event_id, deduped: true });
      await result("ingest", [{ ...required, content: "Überschrift 😀 \u0000" }]);
      const pack = await result("recall", [{ user_id: "user-123", task: "dark mode", token_budget: 500 }]);
      assert.deepEqual(pack.memory_blocks[0].source_ids, [first.event_id]);
      assert.ok((await result("recall", [{ ...METHODS[version].recall.required, ...METHODS[version].recall.optional, scope: {} }])).token_estimate <= 2000);
    });

    test(`${version}: V2 recalls in each mode`, async () => {
      for (const mode of [undefined, "state", "delta", "tasks", "audit", "compose", "conversation"]) {
        const pack = await result("recall_v2", [{ user_id: "user-123", task: "dark mode", token_budget: 500, ...(mode && { mode }) }]);
        if (has("ingest") && mode === "state") assert.ok(pack.memory_blocks[0].evidence.length > 0);
      }
      await result("recall_v2", [{ ...METHODS[version].recall_v2.required, ...METHODS[version].recall_v2.optional }]);
    });

    test(`${version}: usage and limits of every range`, async () => {
      for (const range of ["7d", "30d", "month", "today"]) {
        assert.equal((await result("get_usage_summary", [range])).range, range);
        assert.equal((await result("get_usage_breakdown", [range])).range, range);
      }
      assert.equal((await result("get_usage_summary")).range, "7d");
      assert.ok((await result("get_usage_breakdown")).endpoints.length > 0);
      assert.equal((await result("get_usage_limits")).is_within_quota, true);
      assert.deepEqual(await result("health_check"), { ok: true });
    });

    test(`${version}: what is forgotten has its receipt`, async () => {
      const { receipt_id, deleted_counts } = has("forget") ? await result("forget", [{ user_id: "user-123" }]) : await result("forget_v2", [{ user_id: "user-123" }]);
      if (has("forget")) assert.equal(deleted_counts.events, 2);
      const receipt = await result("get_deletion_receipt", [receipt_id]);
      assert.equal(receipt.scope.user_id, "user-123");
      if (has("forget")) assert.deepEqual(receipt.deleted_counts, deleted_counts);
      await result("forget_v2", [{ ...METHODS[version].forget_v2.required, ...METHODS[version].forget_v2.optional }]);
      const { receipts, ...page } = await result("list_deletion_receipts", [], { user_id: "user-123", limit: 1, offset: 1 });
      assert.deepEqual(page, { total: 2, limit: 1, offset: 1 });
      assert.equal(receipts[0].receipt_id, receipt_id);
      assert.equal((await result("list_deletion_receipts")).limit, 20);
    });

    test(`${version}: errors are the API's`, async () => {
      const errors = [
        [400, "invalid_request", await call("recall_v2", [{ user_id: "u" }])],
        [401, "unauthorized", await call("get_usage_limits", [], {}, "another-key")],
        [404, "not_found", await call("get_deletion_receipt", ["none"])],
      ];
      for (const [status, code, { error }] of errors) {
        assert.deepEqual([error?.kind, error?.status, error?.code], ["api", status, code]);
        assert.ok(error.request_id.length > 0 && error.message.length > 0);
      }
    });

    test(`${version}: every method was called`, () => {
      assert.deepEqual(Object.keys(METHODS[V1]).filter((method) => has(method) && !called.has(method)), []);
    });
  });
}
