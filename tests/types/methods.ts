// Every method with every field, as a strict program uses them.
import {
  ClaivClient,
  type CallOptions,
  type ClaivCallResponse,
  type ClaivClientOptions,
  type ClaivErrorEvent,
  type ClaivCallEvent,
  type ClaivHookEvent,
  type ClaivRequestEvent,
  type ClaivResponseEvent,
  type ClaivRetryEvent,
  type ContextPack,
  type DeletedCounts,
  type DeletionReceipt,
  type DeletionScope,
  type EndpointBreakdownEntry,
  type ForgetRequest,
  type ForgetResponse,
  type HealthResponse,
  type IngestManyOptions,
  type IngestManyProgress,
  type IngestRequest,
  type IngestResponse,
  type ListDeletionReceiptsRequest,
  type ListDeletionReceiptsResponse,
  type MemoryBlock,
  type RecallRequest,
  type RecallResponse,
  type UsageBreakdownResponse,
  type UsageDailyEntry,
  type UsageLimitMetric,
  type UsageLimitsResponse,
  type UsageSummaryResponse,
  type UsageTotals,
  type V2DeletedCounts,
  type V2EvidenceRef,
  type V2ForgetRequest,
  type V2ForgetResponse,
  type V2MemoryBlock,
  type V2RecallRequest,
  type V2RecallRequestExtended,
  type V2RecallResponse,
} from "claiv-memory";

/** True where the two types are the same one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** The names of the fields that must be given. */
type Required_<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];
const holds = <_T extends true>(): void => {};

function logEvent({ method, path, attempt }: ClaivHookEvent, ...rest: unknown[]): void {
  console.log(`${method.trim()} ${path.trim()} ${attempt.toFixed()}`, rest);
}

const options: Required<ClaivClientOptions> = {
  apiKey: async () => "key",
  baseUrl: "https://api.claiv.io",
  timeout: 30_000,
  totalTimeout: 60_000,
  maxRetries: 2,
  maxRetryDelay: 30_000,
  maxResponseBytes: 33_554_432,
  fetch: (url, init) => fetch(url, init),
  defaultHeaders: [["x-team", "memory"]],
  clientHeader: true,
  onCall: (event: ClaivCallEvent) => logEvent(event, event.baseUrl, event.route),
  onRequest: (event: ClaivRequestEvent) => logEvent(event),
  onResponse: (event: ClaivResponseEvent) => logEvent(event, event.status, event.requestId, event.durationMs),
  onRetry: async (event: ClaivRetryEvent) => logEvent(event, event.status, event.error, event.waitMs),
  onError: (event: ClaivErrorEvent) => logEvent(event, event.status, event.error, event.durationMs),
  allowInsecureHttp: false,
  validate: true,
  autoIdempotency: true,
};
const call: Required<CallOptions> = {
  signal: new AbortController().signal,
  timeout: 1,
  totalTimeout: 1,
  maxRetries: 0,
  maxRetryDelay: 1,
  maxResponseBytes: 1,
  allowUnknownFields: false,
  headers: new Headers(),
  onResponse: (response: ClaivCallResponse) =>
    logEvent(response, response.status, response.headers.get("x-a"), response.attempts.length, response.idempotencyKey, response.durationMs),
};

export const client: ClaivClient = new ClaivClient(options);
export const clients: ClaivClient[] = [
  new ClaivClient({ apiKey: "key", fetch }),
  new ClaivClient({ apiKey: () => "key", defaultHeaders: { "x-a": "1" } }),
  new ClaivClient({ apiKey: () => Promise.resolve("key"), defaultHeaders: new Headers() }),
  ClaivClient.fromEnv(),
  ClaivClient.fromEnv({ CLAIV_API_KEY: "key", OTHER: {} }),
  ClaivClient.fromEnv(undefined, { timeout: 5 }),
];

export async function core(): Promise<void> {
  const event: Required<IngestRequest> = {
    user_id: "u", type: "message", content: "c", thread_id: "t", role: "assistant", metadata: { deep: [{ a: null }] },
    event_time: "2026-01-31T12:00:00Z", idempotency_key: "k",
  };
  const stored: IngestResponse = await client.ingest(event, call);
  const { event_id, deduped }: { event_id: string; deduped: boolean } = stored;

  const many: Required<IngestManyOptions> = {
    ...call, concurrency: 8, onProgress: ({ done, total, fulfilled, rejected, index }: IngestManyProgress) => done + total + fulfilled + rejected + index,
  };
  const frozen: readonly IngestRequest[] = Object.freeze([event]);
  const settled: PromiseSettledResult<IngestResponse>[] = await client.ingestMany(frozen, many);
  for (const one of settled) console.log(one.status === "fulfilled" ? one.value.event_id : one.reason);

  const wish: Required<RecallRequest> = {
    user_id: "u", task: event_id, token_budget: 2000, thread_id: "t", min_confidence: 0.5, scope: { team: deduped },
  };
  const pack: RecallResponse = await client.recall(wish, call);
  const same: ContextPack = pack;
  const blocks: MemoryBlock[] = same.memory_blocks;
  const best: string = blocks.map(({ type, content, source_ids, score }) => `${type}${content}${source_ids.join()}${score.toFixed(1)}`).join();
  const numbers: number = pack.token_estimate + pack.citations.length + best.length + pack.system_context.length;

  const scope: Required<ForgetRequest> = { user_id: "u", thread_id: "t", from_time: "2026-01-01", to_time: "2026-01-02" };
  const gone: ForgetResponse = await client.forget(scope, call);
  const counts: DeletedCounts = gone.deleted_counts;
  const sum: number = counts.events + counts.chunks + counts.episodes + counts.facts + counts.claims + counts.open_loops + numbers;

  const page: Required<ListDeletionReceiptsRequest> = { user_id: "u", limit: sum, offset: 0 };
  const list: ListDeletionReceiptsResponse = await client.listDeletionReceipts(page, call);
  await client.listDeletionReceipts();
  const { total, limit, offset }: { total: number; limit: number; offset: number } = list;
  const receipt: DeletionReceipt = await client.getDeletionReceipt(gone.receipt_id, call);
  const covered: DeletionScope = receipt.scope;
  const thread: string | null | undefined = covered.thread_id ?? covered.from_time ?? covered.to_time;
  const done: string | null = receipt.completed_at;
  console.log(total, limit, offset, thread, done, receipt.requested_at, covered.user_id, list.receipts[0]?.receipt_id);
}

export async function usage(): Promise<void> {
  const summary: UsageSummaryResponse = await client.getUsageSummary("7d", call);
  await client.getUsageSummary();
  await client.getUsageSummary(undefined, call);
  const totals: UsageTotals = summary.totals;
  const all: number = totals.requests + totals.ingest_requests + totals.recall_requests + totals.forget_requests + totals.ingest_events
    + totals.tokens + totals.work_units + totals.errors + totals.request_bytes + totals.response_bytes;
  const days: UsageDailyEntry[] = summary.daily;
  for (const { date, requests, ingest_events, tokens, work_units, errors } of days) {
    console.log(date.slice(0, 4), all + requests + ingest_events + tokens + work_units + errors);
  }
  const breakdown: UsageBreakdownResponse = await client.getUsageBreakdown("month", call);
  const entries: EndpointBreakdownEntry[] = breakdown.endpoints;
  for (const { endpoint, requests, errors, error_rate, avg_latency_ms } of entries) {
    console.log(endpoint.length + requests + errors + error_rate + avg_latency_ms);
  }
  const plan: UsageLimitsResponse = await client.getUsageLimits(call);
  const metrics: UsageLimitMetric[] = [plan.limits.requests, plan.limits.tokens, plan.limits.work_units, plan.limits.ingest_events];
  const left: (number | null)[] = metrics.flatMap(({ limit, remaining, used, percentage_used }) => [limit, remaining, used, percentage_used]);
  const within: boolean = plan.is_within_quota;
  const health: HealthResponse = await client.healthCheck(call);
  const ok: boolean = health.ok;
  const dates: string = summary.start_date + summary.end_date + breakdown.start_date + breakdown.end_date + plan.reset_date;
  console.log(left, within, ok, dates, plan.plan.length + plan.billing_cycle_day);
}

export async function second(): Promise<void> {
  const plain: Required<V2RecallRequest> = { user_id: "u", task: "t", token_budget: 200, thread_id: "t", min_confidence: 1 };
  const extended: Required<V2RecallRequestExtended> = { ...plain, mode: "delta", since: "2026-01-01", relations: ["uses"], status: "all" };
  await client.recallV2(plain);
  const pack: V2RecallResponse = await client.recallV2(extended, call);
  const blocks: V2MemoryBlock[] = pack.memory_blocks;
  const evidence: V2EvidenceRef[] = blocks.flatMap((block) => block.evidence ?? []);
  const quotes: string = evidence.map(({ event_id, quote }) => event_id + quote).join();
  const scope: Required<V2ForgetRequest> = { user_id: "u", thread_id: "t", from_time: "2026-01-01", to_time: "2026-01-02" };
  const gone: V2ForgetResponse = await client.forgetV2(scope, call);
  const counts: V2DeletedCounts = gone.deleted_counts;
  const sum: number = counts.events + counts.assertions + counts.episodes + counts.entities + counts.conflicts + counts.extraction_failures;
  const warnings: string[] | undefined = gone.warnings;
  console.log(quotes, sum, warnings, pack.citations, pack.token_estimate, pack.system_context);
}

// What must be given, and nothing else.
holds<Same<Required_<ClaivClientOptions>, "apiKey">>();
holds<Same<Required_<CallOptions>, never>>();
holds<Same<Required_<IngestManyOptions>, never>>();
holds<Same<Required_<IngestRequest>, "user_id" | "type" | "content">>();
holds<Same<Required_<RecallRequest>, "user_id" | "task" | "token_budget">>();
holds<Same<Required_<ForgetRequest>, "user_id">>();
holds<Same<Required_<ListDeletionReceiptsRequest>, never>>();
holds<Same<Required_<V2RecallRequestExtended>, "user_id" | "task" | "token_budget">>();
holds<Same<Required_<V2ForgetRequest>, "user_id">>();

// What each method gives.
holds<Same<ReturnType<ClaivClient["ingest"]>, Promise<IngestResponse>>>();
holds<Same<ReturnType<ClaivClient["ingestMany"]>, Promise<PromiseSettledResult<IngestResponse>[]>>>();
holds<Same<ReturnType<ClaivClient["recall"]>, Promise<RecallResponse>>>();
holds<Same<ReturnType<ClaivClient["forget"]>, Promise<ForgetResponse>>>();
holds<Same<ReturnType<ClaivClient["listDeletionReceipts"]>, Promise<ListDeletionReceiptsResponse>>>();
holds<Same<ReturnType<ClaivClient["getDeletionReceipt"]>, Promise<DeletionReceipt>>>();
holds<Same<ReturnType<ClaivClient["getUsageSummary"]>, Promise<UsageSummaryResponse>>>();
holds<Same<ReturnType<ClaivClient["getUsageBreakdown"]>, Promise<UsageBreakdownResponse>>>();
holds<Same<ReturnType<ClaivClient["getUsageLimits"]>, Promise<UsageLimitsResponse>>>();
holds<Same<ReturnType<ClaivClient["healthCheck"]>, Promise<HealthResponse>>>();
holds<Same<ReturnType<ClaivClient["recallV2"]>, Promise<V2RecallResponse>>>();
holds<Same<ReturnType<ClaivClient["forgetV2"]>, Promise<V2ForgetResponse>>>();
holds<Same<ReturnType<ClaivClient["close"]>, void>>();

export function lifecycle(): Promise<void> {
  client.close();
  const nothing: void = client[Symbol.dispose]();
  const later: Promise<void> = client[Symbol.asyncDispose]();
  return later.then(() => nothing);
}

/** A stand-in for tests needs no wasm. */
export const standIn: Pick<ClaivClient, "ingest" | "recall"> = {
  ingest: async () => ({ event_id: "e", deduped: false }),
  recall: async () => ({ system_context: "", memory_blocks: [], citations: [], token_estimate: 0 }),
};

export class Mine extends ClaivClient {
  override close(): void {
    super.close();
  }
}
