// V3, V6 and the aliases that are left of V5. Each test has a user of its own.
import assert from "node:assert/strict";
import { METHODS } from "../methods.mjs";

export function currentTests(kit) {
  const { ingest_v3, recall_v3, forget_v3, ingest_v6, recall_v6, forget, recall_v5, ingest_v5 } = METHODS[kit.version];
  const facts = (pack) => [...pack.answer_facts, ...pack.supporting_facts, ...pack.background_context];

  kit.test("V3: what is ingested is recalled by its priority, and of use", async () => {
    const user_id = "of-v3";
    const event = { ...ingest_v3.required, user_id };
    const first = await kit.result("ingest_v3", [{ ...event, ...ingest_v3.optional, retention_policy: "standard" }]);
    assert.deepEqual(await kit.result("ingest_v3", [{ ...event, ...ingest_v3.optional }]), { event_id: first.event_id, deduped: true });
    for (const retention_policy of ["standard", "ephemeral"]) await kit.result("ingest_v3", [{ ...event, content: "The dog barks", retention_policy }]);
    for (const entity_resolution of ["merged", "probabilistic", "raw"]) {
      await kit.result("recall_v3", [{ ...recall_v3.required, ...recall_v3.optional, user_id, entity_resolution }]);
    }
    const ask = { ...recall_v3.required, user_id, task: "dark mode" };
    const pack = await kit.result("recall_v3", [ask]);
    const [best] = pack.memory_blocks;
    assert.deepEqual(best.source_ids, [first.event_id]);
    const recorded = await kit.result("feedback_v3", [pack.recall_id, { fact_ids_used: best.source_ids }]);
    assert.deepEqual(recorded, { recall_id: pack.recall_id, facts_recorded: 1 });
    const [again] = (await kit.result("recall_v3", [ask])).memory_blocks;
    assert.ok(again.score_breakdown.verified_boost > best.score_breakdown.verified_boost);
    await kit.refused(404, "not_found", "feedback_v3", ["none", { fact_ids_used: [] }]);
  });

  kit.test("V3: what is forgotten is laid aside or deleted at once, but for what is under a hold", async () => {
    const user_id = "of-forget-v3";
    for (const immediate of [undefined, false, true]) {
      await kit.result("ingest_v3", [{ ...ingest_v3.required, user_id }]);
      const forgotten = await kit.result("forget_v3", [{ ...forget_v3.required, user_id, ...(immediate !== undefined && { immediate }) }]);
      assert.deepEqual([forgotten.events_tombstoned, "grace_expires_at" in forgotten], [1, !immediate]);
      const receipt = await kit.result("get_deletion_receipt", [forgotten.receipt_id]);
      assert.equal(receipt.completed_at === null, !immediate);
    }
    await kit.result("forget_v3", [{ ...forget_v3.required, ...forget_v3.optional, user_id }]);
    const { event_id } = await kit.result("ingest_v3", [{ ...ingest_v3.required, user_id, retention_policy: "legal_hold" }]);
    assert.deepEqual((await kit.refused(409, "legal_hold", "forget_v3", [{ user_id }])).event_ids, [event_id]);
  });

  for (const [ingest, recall, feedback] of [["ingest", "recall", "feedback_v6"], ["ingest_v6", "recall_v6", "feedback_v5"]]) {
    kit.test(`V6, by ${ingest} and ${recall}: what is ingested is recalled as facts, of use, and forgotten`, async () => {
      const user_id = `of-${ingest}`;
      const event = { ...ingest_v6.required, user_id };
      const ask = { ...recall_v6.required, user_id, query: "dark mode" };
      const first = await kit.result(ingest, [{ ...event, ...ingest_v6.optional }]);
      assert.deepEqual(await kit.result(ingest, [{ ...event, ...ingest_v6.optional }]), { event_id: first.event_id, deduped: true });
      for (const scope of ["global", "conversation"]) await kit.result(ingest, [{ ...event, content: `${scope}: due on 2024-05-31`, scope }]);
      assert.deepEqual(facts(await kit.result(recall, [ask])).map((fact) => fact.object_text.split(":")[0]).sort(), ["conversation", "global"]);

      const pack = await kit.result(recall, [{ ...ask, project_id: "p-1", include: { debug: true } }]);
      assert.equal(pack.answer_facts[0].object_text, event.content);
      assert.ok(pack.llm_context.text.includes(event.content));
      assert.equal(facts(pack).flatMap((fact) => fact.temporal_matches).length, 2);
      // The documented answer has no recall_id; the emulator gives it with `debug`.
      const { recall_id } = pack.debug;
      const used = { selected_ids: [pack.answer_facts[0].fact_id] };
      assert.deepEqual(await kit.result(feedback, [recall_id, used]), { recall_id, facts_recorded: 1 });
      await kit.result(feedback, [recall_id, { ...used, user_rating: 5 }]);

      assert.equal((await kit.result(recall, [{ ...recall_v6.required, ...recall_v6.optional, user_id }])).routing.mode, "timeline");
      const nulls = await kit.result(recall, [{ ...ask, reference_time: null, mode_hint: null, limits: {}, include: {} }]);
      assert.equal(nulls.llm_context.anchor_source, "conversation_event");

      const scope = { user_id, conversation_id: event.conversation_id };
      assert.equal((await kit.result("forget", [{ ...scope, ...forget.optional }])).deleted_counts.events, 1);
      const { receipt_id, deleted_counts } = await kit.result("forget", [scope]);
      assert.equal(deleted_counts.events, 2);
      const receipt = await kit.result("get_deletion_receipt", [receipt_id]);
      assert.deepEqual([receipt.scope.conversation_id, receipt.deleted_counts], [event.conversation_id, deleted_counts]);
      assert.deepEqual(facts(await kit.result(recall, [{ ...ask, project_id: "p-1" }])), []);
      for (const [method, request] of [[ingest, event], [recall, ask]]) {
        const { conversation_id: _, ...without } = request;
        const { issues } = await kit.refused(400, "invalid_request", method, [without]);
        assert.deepEqual(issues.map(({ path }) => path), ["conversation_id"]);
      }
      // A deletion without a conversation is the user's: it takes the events of every conversation.
      for (const conversation_id of ["c-1", "c-2"]) await kit.result(ingest, [{ ...event, conversation_id }]);
      assert.equal((await kit.result("forget", [{ user_id }])).deleted_counts.events, 2);
    });
  }

  kit.test("V5: its requests are taken by V6", async () => {
    const user_id = "of-v5";
    const event = { ...ingest_v5.required, ...ingest_v5.optional, user_id };
    for (const [at, event_time] of ["2026-01-31T12:00:00Z", 1_769_860_800, 1_769_860_800.5].entries()) {
      await kit.result("ingest_v5", [{ ...event, content: `Dark mode, ${at}`, event_time, idempotency_key: `key-${at}` }]);
    }
    const pack = await kit.result("recall_v5", [{ ...recall_v5.required, ...recall_v5.optional, user_id, query: "dark mode" }]);
    assert.equal(facts(pack).length, 3);
    // V6.2 requires a conversation, and V5's name for it is all that an alias can give.
    for (const [method, request] of [["ingest_v5", ingest_v5.required], ["recall_v5", recall_v5.required]]) {
      const { issues } = await kit.refused(400, "invalid_request", method, [request]);
      assert.deepEqual(issues.map(({ path }) => path), ["conversation_id"], method);
    }
  });
}
