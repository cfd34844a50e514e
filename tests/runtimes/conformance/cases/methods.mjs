// Every method, against the emulator in this process and behind a socket. Those of V1 and V2 are here.
import { current } from "./current.mjs";
import { contents, documents } from "./documents.mjs";
import { equal, event, group, ok, rejection, same, task, within } from "../context.mjs";

const COUNTS = ["events", "chunks", "episodes", "facts", "claims", "open_loops"];
const COUNTS_V2 = ["events", "assertions", "episodes", "entities", "conflicts", "extraction_failures"];
const MODES = ["state", "delta", "tasks", "audit", "compose", "conversation"];

const CASES = {
  async healthCheck(t, claiv) {
    same(await claiv.healthCheck(), { ok: true });
  },

  async ingest(t, claiv) {
    const stored = await claiv.ingest(event(t, { thread_id: "t", role: "user", metadata: { from: ["a", null] }, event_time: "2026-01-31T12:00:00Z" }));
    equal(typeof stored.event_id, "string");
    equal(stored.deduped, false);
  },

  async ingestMany(t, claiv) {
    const progressEvents = [];
    const events = Array.from({ length: 12 }, (_, i) => event(t, { content: `Fact number ${i}`, thread_id: `t${i % 3}` }));
    events[5] = event(t, { content: "" });
    const results = await claiv.ingestMany(events, { concurrency: 3, onProgress: (progress) => progressEvents.push(progress) });
    same(results.map(({ status }) => status), events.map((_, i) => (i === 5 ? "rejected" : "fulfilled")));
    ok(results[5].reason instanceof t.names.ClaivValidationError);
    equal(new Set(results.filter(({ value }) => value).map(({ value }) => value.event_id)).size, 11);
    same([progressEvents.length, progressEvents.at(-1).done, progressEvents.at(-1).fulfilled, progressEvents.at(-1).rejected], [12, 12, 11, 1]);
  },

  async recall(t, claiv) {
    await claiv.ingest(event(t));
    const pack = await claiv.recall(task(t, { thread_id: undefined, min_confidence: 0, scope: {} }));
    same(pack.memory_blocks.map(({ content }) => content), ["The user prefers dark mode"]);
    equal(pack.citations.length, 1);
    equal(typeof pack.system_context, "string");
    within(pack.token_estimate, 1, 500, "token_estimate");
  },

  async recallV2(t, claiv) {
    const { event_id } = await claiv.ingest(event(t, { content: "todo: water the plants" }));
    for (const mode of MODES) {
      const pack = await claiv.recallV2(task(t, { task: "plants", mode, since: "2020-01-01T00:00:00Z", status: "all" }));
      equal(pack.memory_blocks[0].content, "todo: water the plants", mode);
      equal(pack.memory_blocks[0].evidence[0].event_id, event_id, mode);
    }
  },

  async forget(t, claiv) {
    await claiv.ingest(event(t));
    const { receipt_id, deleted_counts } = await claiv.forget({ user_id: t.user });
    equal(typeof receipt_id, "string");
    equal(deleted_counts.events, 1);
    same(Object.keys(deleted_counts).sort(), [...COUNTS].sort());
    same((await claiv.recall(task(t))).memory_blocks, []);
  },

  async forgetV2(t, claiv) {
    await claiv.ingest(event(t, { thread_id: "a" }));
    await claiv.ingest(event(t, { thread_id: "b" }));
    const { deleted_counts } = await claiv.forgetV2({ user_id: t.user, thread_id: "a" });
    equal(deleted_counts.events, 1);
    same(Object.keys(deleted_counts).sort(), [...COUNTS_V2].sort());
    ok((await claiv.forgetV2({ user_id: `${t.user}-nobody` })).warnings.length > 0);
  },

  async listDeletionReceipts(t, claiv) {
    for (let i = 0; i < 3; i++) await claiv.forget({ user_id: t.user });
    const page = await claiv.listDeletionReceipts({ user_id: t.user, limit: 2, offset: 1 });
    same([page.receipts.length, page.total, page.limit, page.offset], [2, 3, 2, 1]);
    ok((await claiv.listDeletionReceipts()).total >= 3);
  },

  async getDeletionReceipt(t, claiv) {
    const { receipt_id } = await claiv.forget({ user_id: t.user, thread_id: "t/1" });
    const receipt = await claiv.getDeletionReceipt(receipt_id);
    equal(receipt.receipt_id, receipt_id);
    equal(receipt.scope.thread_id, "t/1");
    await rejection(claiv.getDeletionReceipt("no such/receipt?"), t.names.ClaivNotFoundError);
  },

  async getUsageSummary(t, claiv) {
    await claiv.ingest(event(t));
    for (const [range, days] of [["7d", 7], ["30d", 30], ["today", 1]]) {
      const usage = await claiv.getUsageSummary(range);
      equal(usage.range, range);
      equal(usage.daily.length, days);
    }
    equal((await claiv.getUsageSummary()).range, "7d");
  },

  async getUsageBreakdown(t, claiv) {
    await claiv.ingest(event(t));
    const { range, endpoints } = await claiv.getUsageBreakdown("month");
    equal(range, "month");
    ok(Array.isArray(endpoints) && endpoints.length > 0);
  },

  check(t, claiv) {
    const request = { user_id: "u", type: "message", content: "x" };
    equal(claiv.check("ingestV1", request), undefined);
    let error;
    try {
      claiv.check("ingestV1", { ...request, user_id: "" });
    } catch (thrown) {
      error = thrown;
    }
    ok(error instanceof t.names.ClaivValidationError);
    same(error.issues.map(({ path }) => path), ["user_id"]);
  },

  async getUsageLimits(t, claiv) {
    const limits = await claiv.getUsageLimits();
    equal(limits.is_within_quota, true);
    equal(typeof limits.plan, "string");
  },

  ...current,
  ...documents,
};

/** What is no call. */
const OWN = ["constructor", "close"];
/** V1 by its other names, which cases/v6.mjs has. */
const ALIASES = ["ingestV1", "ingestManyV1", "recallV1", "forgetV1"];

const over = (connect) => Object.fromEntries(Object.entries(CASES).map(([name, run]) => [name, (t) => run(t, connect(t))]));

export const methods = [
  group("methods", {
    ...over((t) => t.http()),
    ...contents,
    "every method of the class has its case"(t) {
      const names = Object.getOwnPropertyNames(t.names.ClaivClient.prototype).filter((name) => !name.startsWith("_") && !OWN.includes(name));
      same(names.filter((name) => !(name in CASES) && !ALIASES.includes(name)), []);
    },
    async "fromEnv takes key and base URL from an object, such as a Worker's env"(t) {
      t.need("http");
      const claiv = t.names.ClaivClient.fromEnv({ CLAIV_API_KEY: "k", CLAIV_BASE_URL: t.host.urls.emulator });
      same(await claiv.healthCheck(), { ok: true });
      equal((await claiv.ingest(event(t))).deduped, false);
    },
  }),
  group("emulator", {
    ...over((t) => t.local().claiv),
    async "its state moves to another emulator"(t) {
      const { emulator, claiv } = t.local();
      await claiv.ingest(event(t));
      const other = t.local();
      other.emulator.importState(emulator.exportState());
      equal((await other.claiv.recall(task(t))).memory_blocks.length, 1);
    },
    async "its answer can break off in its middle, which is tried again where that is safe"(t) {
      const { emulator, claiv } = t.local({ maxRetries: 1, maxRetryDelay: 5 });
      emulator.addFault({ drop: true, truncate: true, times: 2 });
      equal((await claiv.ingest(event(t)).catch(({ name, attempts }) => `${name} ${attempts.length}`)), "ClaivNetworkError 2");
      equal((await claiv.recall(task(t))).memory_blocks.length, 1);
    },
    async "it keeps a log without the key"(t) {
      const { emulator, claiv } = t.local();
      await claiv.ingest(event(t));
      const [{ path, headers, status }] = emulator.requests;
      same([path, headers.authorization, status], ["/v1/ingest", "[redacted]", 200]);
    },
    async "its clock can be moved"(t) {
      const { emulator, claiv } = t.local({}, { now: "2026-03-01T00:00:00Z" });
      emulator.advance(86_400_000);
      equal((await claiv.getUsageSummary("today")).start_date.slice(0, 10), "2026-03-02");
    },
    async "it answers a Request as a server's handler does"(t) {
      const { emulator } = t.local();
      const response = await emulator.fetch(new Request("http://localhost/healthz"));
      equal(response.status, 200);
      same(await response.json(), { ok: true });
    },
  }),
].flat();
