// What may be left out may also be given as undefined: in options, in requests and in the fields of errors. `exact/` has what may not.
import {
  ClaivApiError,
  ClaivClient,
  ClaivResponseError,
  ClaivTimeoutError,
  ClaivValidationError,
  type CallOptions,
  type ClaivClientOptions,
  type ClaivEnvOptions,
  type ClaivErrorFields,
  type CollectionAddDocumentRequest,
  type CollectionCreateRequest,
  type CollectionListRequest,
  type DocumentListRequest,
  type DocumentUploadRequest,
  type IngestManyOptions,
  type IngestRequest,
  type ListDeletionReceiptsRequest,
  type RecallInclude,
  type RecallLimits,
  type RecallRequest,
  type V2RecallRequestExtended,
  type V3ForgetRequest,
  type V3IngestRequest,
  type V3RecallRequest,
  type V5FeedbackRequest,
  type V5IngestRequest,
  type V5RecallRequest,
  type V6FeedbackRequest,
  type V6IngestRequest,
  type V6RecallRequest,
} from "claiv-memory";
import type { ClaivEmulatorOptions, EmulatorFault, EmulatorQuota } from "claiv-memory/emulator";

/** The names of the optional fields that may not be undefined. Without exactOptionalPropertyTypes there are none. */
type Strict<T> = { [K in keyof T]-?: object extends Pick<T, K> ? ({ [_ in K]: undefined } extends Pick<T, K> ? never : K) : never }[keyof T];
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => {};
const lax = <T>(_: [Strict<T>] extends [never] ? true : Strict<T>): void => {};

lax<ClaivClientOptions>(true);
lax<ClaivEnvOptions>(true);
lax<CallOptions>(true);
lax<IngestManyOptions>(true);
lax<ClaivErrorFields>(true);
lax<IngestRequest>(true);
lax<RecallRequest>(true);
lax<V2RecallRequestExtended>(true);
lax<V3IngestRequest>(true);
lax<V3RecallRequest>(true);
lax<V5IngestRequest>(true);
lax<V5RecallRequest>(true);
lax<V5FeedbackRequest>(true);
lax<V6IngestRequest>(true);
lax<V6RecallRequest>(true);
lax<V6FeedbackRequest>(true);
lax<RecallLimits>(true);
lax<RecallInclude>(true);
lax<DocumentUploadRequest>(true);
lax<DocumentListRequest>(true);
lax<CollectionCreateRequest>(true);
lax<CollectionListRequest>(true);
lax<CollectionAddDocumentRequest>(true);
lax<ListDeletionReceiptsRequest>(true);
lax<ClaivEmulatorOptions>(true);
lax<EmulatorQuota>(true);
lax<EmulatorFault>(true);
holds<Same<Strict<Pick<V3ForgetRequest, "immediate">>, never>>();

export async function use(client: ClaivClient, signal?: AbortSignal, thread_id?: string, limit?: number, text?: string): Promise<void> {
  await client.healthCheck({ signal, timeout: limit, headers: { "x-a": text } });
  await client.ingest({ user_id: "u", type: "message", content: "c", thread_id, event_time: text, idempotency_key: text }, { signal });
  await client.ingestMany([], { signal, concurrency: limit, onProgress: undefined });
  await client.recall({ user_id: "u", task: "t", token_budget: 200, thread_id, min_confidence: limit });
  await client.recallV6({ user_id: "u", query: "q", conversation_id: "c", project_id: text, limits: { answer_facts: limit } });
  await client.ingestV6({ user_id: "u", type: "message", content: "c", conversation_id: "c", project_id: text, event_time: limit });
  await client.listDeletionReceipts({ user_id: text, limit, offset: limit });
  await client.listDocuments({ user_id: "u", project_id: text, limit });
  for await (const { name } of client.collections({ user_id: "u", project_id: text }, { signal })) console.log(name);
  new ClaivClient({ apiKey: "k", baseUrl: text, timeout: limit, fetch: undefined, onRequest: undefined, defaultHeaders: { "x-a": text } });
  ClaivClient.fromEnv(undefined, { apiKey: text, baseUrl: text, defaultHeaders: undefined });
  new ClaivApiError("m", { status: limit, requestId: text, retryAfterMs: limit, mayHaveBeenApplied: undefined });
  new ClaivTimeoutError("m", { timeoutMs: limit, scope: undefined, idempotencyKey: text });
  new ClaivResponseError("m", { location: text, headers: undefined });
  new ClaivValidationError("m", { issues: undefined });
}
