// What the demo plays with one client and one user. Every step checks that it went as it should.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ClaivApiError } from "claiv-memory";
import { bar, bold, cut, dim, fact, heading, line, progress, progressDone, table } from "./screen.mjs";

const { about, turns } = JSON.parse(readFileSync(new URL("conversation.json", import.meta.url), "utf8"));
const TASK = "Find a doctor for Ida: her allergies, the adrenaline pen, and which mornings suit us";
const BUDGETS = [200, 400, 2000];

/** `exact`: the service is an emulator that knows nobody else, so that even the numbers are known beforehand. */
export async function play(claiv, { user, exact, signal }) {
  const options = { signal };
  const ids = await ingest(claiv, user, options);
  await ingestAgain(claiv, user, options, ids);
  if (!exact) await enriched(claiv, user, options);
  await recall(claiv, user, options, exact);
  await recallTasks(claiv, user, options, exact);
  await usage(claiv, options, exact);
  await forget(claiv, user, options, exact);
  await recallNothing(claiv, user, options, exact);
}

const eventOf = (user, turn, at) => ({
  user_id: user,
  type: "message",
  role: turn.role,
  content: turn.content,
  thread_id: turn.thread,
  event_time: turn.time,
  metadata: { source: "claiv-memory demo" },
  idempotency_key: `${user}-turn-${at + 1}`,
});

async function ingest(claiv, user, options) {
  heading(`Ingest: ${turns.length} turns of a conversation`);
  line(`   ${dim(about)}`);
  const began = performance.now();
  const ids = [];
  for (const [at, turn] of turns.entries()) {
    progress(`${at + 1} of ${turns.length}`);
    const { event_id, deduped } = await claiv.ingest(eventOf(user, turn, at), options);
    assert.equal(deduped, false);
    ids.push(event_id);
  }
  progressDone();
  assert.equal(new Set(ids).size, turns.length);
  fact("user", user);
  fact("stored", `${turns.length} events in ${Math.round(performance.now() - began)} ms`);
  return ids;
}

async function ingestAgain(claiv, user, options, ids) {
  heading("Ingest an event again: it is stored once");
  const at = turns.findIndex(({ content }) => content.includes("penicillin"));
  const again = await claiv.ingest(eventOf(user, turns[at], at), options);
  fact("first", `${ids[at]}  deduped: false`);
  fact("again", `${again.event_id}  deduped: ${again.deduped}`);
  assert.equal(again.event_id, ids[at]);
  assert.equal(again.deduped, true);
}

/** The real service takes events in, and deletes them, in its own time: asks until it is done, for a minute at most. */
async function until(done, what, options) {
  for (let second = 0; second < 60 && !(await done()); second += 2) {
    progress(`${what}: ${second} s`);
    await sleep(2000, undefined, options);
  }
  progressDone();
}

async function enriched(claiv, user, options) {
  const request = { user_id: user, task: TASK, token_budget: 200 };
  const done = async () => (await claiv.recall(request, options)).memory_blocks.length > 0;
  await until(done, "waiting for the service to take the events in", options);
}

async function recall(claiv, user, options, exact) {
  heading(`Recall for one task under ${BUDGETS.length} budgets`);
  line(`   ${dim(`"${TASK}"`)}`);
  let before = [];
  for (const budget of BUDGETS) {
    const pack = await claiv.recall({ user_id: user, task: TASK, token_budget: budget }, options);
    const { memory_blocks: blocks, token_estimate: tokens, citations } = pack;
    const added = blocks.filter(({ content }) => !before.some((block) => block.content === content));
    line(`\n   ${bold(`budget ${String(budget).padStart(4)}`)}  ${bar(tokens, budget)} ${tokens} tokens, ${blocks.length} blocks, ${citations.length} sources`);
    if (before.length > 0) line(dim(`     ${added.length} more than before:`));
    for (const { type, score, content } of added.slice(0, 4)) line(`     ${score.toFixed(2)}  ${type.padEnd(7)}  ${cut(content, 21)}`);
    assert.ok(tokens <= budget, `${tokens} tokens are more than ${budget}`);
    assert.ok(blocks.every(({ source_ids }) => source_ids.every((id) => citations.includes(id))), "a block's source is not cited");
    if (exact) {
      assert.ok(blocks.length > before.length, "a larger budget did not hold more");
      assert.ok(blocks.some(({ content }) => content.includes("allergic to peanuts")), "the allergy was not recalled");
    }
    before = blocks;
  }
}

async function recallTasks(claiv, user, options, exact) {
  heading("Recall V2: what is to be done, with evidence");
  const request = { user_id: user, task: "What must I do, and by when?", token_budget: 400, mode: "tasks", status: "open" };
  const pack = await claiv.recallV2(request, options).catch((error) => {
    // Not every plan of the real service has V2.
    if (exact || !(error instanceof ClaivApiError)) throw error;
    fact(error.name, cut(error.message, 16));
  });
  if (!pack) return;
  for (const { content, evidence } of pack.memory_blocks.slice(0, 3)) {
    line(`     ${cut(content, 5)}`);
    line(dim(`       from ${evidence?.[0]?.event_id ?? "no event"}`));
  }
  assert.ok(pack.token_estimate <= 400);
  if (exact) assert.ok(pack.memory_blocks.some(({ content }) => content.includes("Remind me to call")), "the task was not recalled");
}

async function usage(claiv, options, exact) {
  heading("Usage: today, by endpoint, and what the plan allows");
  const { totals } = await claiv.getUsageSummary("today", options);
  const { endpoints } = await claiv.getUsageBreakdown("today", options);
  const { plan, is_within_quota, reset_date, limits } = await claiv.getUsageLimits(options);
  fact("today", `${totals.requests} requests, ${totals.ingest_events} events stored, ${totals.tokens} tokens, ${totals.errors} errors`);
  fact("plan", `${plan}, within quota: ${is_within_quota}, counts anew on ${reset_date}`);
  const left = Object.entries(limits).map(([name, { used, limit }]) => `${name} ${used}/${limit ?? "∞"}`);
  fact("used", left.join(", "));
  table(["endpoint", "requests", "errors", "mean ms"], endpoints.map((one) => [one.endpoint, one.requests, one.errors, one.avg_latency_ms]));
  if (exact) {
    assert.equal(totals.ingest_requests, turns.length + 1);
    assert.equal(totals.ingest_events, turns.length);
    assert.equal(totals.recall_requests, BUDGETS.length + 1);
    assert.equal(totals.errors, 0);
    assert.ok(is_within_quota);
  }
}

async function forget(claiv, user, options, exact) {
  heading("Forget the user, and keep the receipt");
  const { receipt_id, deleted_counts } = await claiv.forget({ user_id: user }, options);
  const receipt = await claiv.getDeletionReceipt(receipt_id, options);
  const { receipts, total } = await claiv.listDeletionReceipts({ user_id: user, limit: 5 }, options);
  fact("receipt", receipt.receipt_id);
  fact("deleted", Object.entries(deleted_counts).map(([kind, count]) => `${kind} ${count}`).join(", "));
  fact("completed", receipt.completed_at ?? "not yet");
  fact("receipts", `${total} of this user`);
  assert.equal(receipt.receipt_id, receipt_id);
  assert.equal(receipt.scope.user_id, user);
  assert.ok(receipts.some((one) => one.receipt_id === receipt_id), "the receipt is not listed");
  if (exact) {
    assert.equal(deleted_counts.events, turns.length);
    assert.deepEqual(receipt.deleted_counts, deleted_counts);
  }
}

async function recallNothing(claiv, user, options, exact) {
  heading("Recall again: there is nothing left");
  const request = { user_id: user, task: TASK, token_budget: 2000 };
  let pack = await claiv.recall(request, options);
  const done = async () => (pack = await claiv.recall(request, options)).memory_blocks.length === 0;
  if (!exact) await until(done, "waiting for the service to have deleted everything", options);
  fact("recalled", `${pack.memory_blocks.length} blocks, ${pack.token_estimate} tokens`);
  assert.equal(pack.memory_blocks.length, 0);
}
