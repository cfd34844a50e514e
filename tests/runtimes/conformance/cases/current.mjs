// The methods of V3, V6 and V5.
import { equal, event, ok, rejection, same, task } from "../context.mjs";

const spoken = (t, more = {}) => event(t, { conversation_id: "c", ...more });
const question = (t, more = {}) => ({ user_id: t.user, query: "Which mode does the user prefer?", conversation_id: "c", ...more });
const texts = (facts) => facts.map((fact) => fact.object_text);

export const current = {
  async ingestV3(t, claiv) {
    const held = await claiv.ingestV3(event(t, { retention_policy: "legal_hold", idempotency_key: `held-${t.id}` }));
    equal(held.deduped, false);
    equal((await claiv.ingestV3(event(t, { idempotency_key: `held-${t.id}` }))).event_id, held.event_id);
    const error = await rejection(claiv.forgetV3({ user_id: t.user }), t.names.ClaivConflictError);
    same([error.status, error.code, error.details.event_ids], [409, "legal_hold", [held.event_id]]);
  },

  async ingestManyV3(t, claiv) {
    const events = [event(t, { retention_policy: "legal_hold" }), event(t, { content: "" })];
    const [held, refused] = await claiv.ingestManyV3(events);
    same([held.status, refused.status], ["fulfilled", "rejected"]);
    ok(refused.reason instanceof t.names.ClaivValidationError);
    const error = await rejection(claiv.forgetV3({ user_id: t.user }), t.names.ClaivConflictError);
    same(error.details.event_ids, [held.value.event_id]);
  },

  async recallV3(t, claiv) {
    const { event_id } = await claiv.ingestV3(event(t));
    const pack = await claiv.recallV3(task(t, { entity_resolution: "merged" }));
    same([pack.memory_blocks[0].source_ids, pack.citations], [[event_id], [event_id]]);
    equal(typeof pack.memory_blocks[0].score_breakdown.final_score, "number");
  },

  async feedbackV3(t, claiv) {
    await claiv.ingestV3(event(t));
    const { recall_id, citations } = await claiv.recallV3(task(t));
    same(await claiv.feedbackV3(recall_id, { fact_ids_used: citations }), { recall_id, facts_recorded: 1 });
    await rejection(claiv.feedbackV3("no such/recall?", { fact_ids_used: [] }), t.names.ClaivNotFoundError);
  },

  async forgetV3(t, claiv) {
    for (const immediate of [false, true]) {
      await claiv.ingestV3(event(t));
      const { phase, events_tombstoned, receipt_id } = await claiv.forgetV3({ user_id: t.user, immediate });
      same([phase, events_tombstoned], [immediate ? "deleted" : "tombstoned", 1]);
      equal((await claiv.getDeletionReceipt(receipt_id)).completed_at === null, !immediate);
    }
    same((await claiv.recallV3(task(t))).memory_blocks, []);
  },

  async ingestV6(t, claiv) {
    await claiv.ingestV6(spoken(t, { scope: "project", project_id: "p" }));
    same(texts((await claiv.recallV6(question(t))).answer_facts), []);
    same(texts((await claiv.recallV6(question(t, { project_id: "p" }))).answer_facts), ["The user prefers dark mode"]);
    const error = await rejection(claiv.ingestV6(event(t)), t.names.ClaivValidationError);
    same(error.issues.map(({ path }) => path), ["conversation_id"]);
  },

  async ingestManyV6(t, claiv) {
    const [stored, refused] = await claiv.ingestManyV6([spoken(t), event(t)]);
    same([stored.status, refused.status], ["fulfilled", "rejected"]);
    same(refused.reason.issues.map(({ path }) => path), ["conversation_id"]);
    same(texts((await claiv.recallV6(question(t))).answer_facts), ["The user prefers dark mode"]);
  },

  async recallV6(t, claiv) {
    await claiv.ingestV6(spoken(t, { role: "user" }));
    const pack = await claiv.recallV6(question(t, { reference_time: null, limits: { answer_facts: 1 }, include: { debug: false } }));
    same(texts(pack.answer_facts), ["The user prefers dark mode"]);
    ok(pack.llm_context.text.includes("The user prefers dark mode"));
    same(pack.llm_context.fact_ids, pack.answer_facts.map((fact) => fact.fact_id));
    same([pack.supporting_facts, pack.working_memory, pack.pending_plan], [[], null, null]);
  },

  async feedbackV6(t, claiv) {
    await claiv.ingestV6(spoken(t));
    const { debug, llm_context } = await claiv.recallV6(question(t, { include: { debug: true } }));
    const recorded = await claiv.feedbackV6(debug.recall_id, { selected_ids: llm_context.fact_ids, user_rating: 5 });
    same(recorded, { recall_id: debug.recall_id, facts_recorded: 1 });
  },

  async forgetV6(t, claiv) {
    await claiv.ingestV6(spoken(t));
    await claiv.ingestV6(spoken(t, { conversation_id: "d" }));
    const { receipt_id, deleted_counts } = await claiv.forgetV6({ user_id: t.user, conversation_id: "c" });
    equal(deleted_counts.events, 1);
    equal((await claiv.getDeletionReceipt(receipt_id)).scope.conversation_id, "c");
  },

  async ingestV5(t, claiv) {
    equal((await claiv.ingestV5(event(t, { thread_id: "c", event_time: 1_769_860_800 }))).deduped, false);
    equal((await claiv.recallV6(question(t))).answer_facts[0].created_at, "2026-01-31T12:00:00.000Z");
  },

  async recallV5(t, claiv) {
    await claiv.ingestV5(event(t, { thread_id: "c" }));
    const pack = await claiv.recallV5({ user_id: t.user, query: "dark mode", thread_id: "c", token_budget: 500, raw_facts: true });
    same(texts(pack.answer_facts), ["The user prefers dark mode"]);
  },

  async feedbackV5(t, claiv) {
    await rejection(claiv.feedbackV5("no such/recall?", { selected_ids: [] }), t.names.ClaivNotFoundError);
  },
};
