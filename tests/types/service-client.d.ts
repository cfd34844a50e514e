// What the service's own TypeScript client 0.6.4 publishes, written anew from its contract: names, shapes and constructors, no word of its
// text. The programs of tests/dropin/ are written for it, and compare.test.mjs there compares claiv-memory/v6 with it.

export interface ClaivClientOptions {
  apiKey: string;
  baseUrl?: string;
  timeout?: number;
  maxRetries?: number;
  fetch?: typeof globalThis.fetch;
}

export declare class ClaivClient {
  constructor(options: ClaivClientOptions);

  ingest(request: IngestRequest): Promise<IngestResponse>;
  recall(request: RecallRequest): Promise<RecallResponse>;
  forget(request: ForgetRequest): Promise<ForgetResponse>;
  ingestV6(request: IngestRequest): Promise<IngestResponse>;
  recallV6(request: RecallRequest): Promise<RecallResponse>;
  feedbackV6(recallId: string, request: V5FeedbackRequest): Promise<V5FeedbackResponse>;

  recallV2(request: V2RecallRequest | V2RecallRequestExtended): Promise<V2RecallResponse>;
  forgetV2(request: V2ForgetRequest): Promise<V2ForgetResponse>;
  ingestV3(request: V3IngestRequest): Promise<IngestResponse>;
  recallV3(request: V3RecallRequest): Promise<V3RecallResponse>;
  forgetV3(request: V3ForgetRequest): Promise<V3ForgetResponse>;
  feedbackV3(recallId: string, request: V3FeedbackRequest): Promise<V3FeedbackResponse>;
  ingestV5(request: V5IngestRequest): Promise<V5IngestResponse>;
  recallV5(request: V5RecallRequest): Promise<V5RecallResponse>;
  feedbackV5(recallId: string, request: V5FeedbackRequest): Promise<V5FeedbackResponse>;

  uploadDocument(request: DocumentUploadRequest): Promise<DocumentUploadResponse>;
  listDocuments(request: { user_id: string; project_id?: string; collection_id?: string; limit?: number; offset?: number }): Promise<DocumentListResponse>;
  deleteDocument(documentId: string): Promise<{ deleted: boolean; document_id: string }>;
  createCollection(request: CollectionCreateRequest): Promise<CollectionCreateResponse>;
  listCollections(request: { user_id: string; project_id?: string; limit?: number; offset?: number }): Promise<CollectionListResponse>;
  getCollection(collectionId: string, userId: string): Promise<CollectionGetResponse>;
  deleteCollection(collectionId: string, userId: string): Promise<{ deleted: boolean; collection_id: string }>;
  addDocumentToCollection(collectionId: string, request: CollectionAddDocumentRequest): Promise<{ added: boolean; collection_id: string; document_id: string }>;
  removeDocumentFromCollection(collectionId: string, documentId: string): Promise<{ removed: boolean; collection_id: string; document_id: string }>;

  listDeletionReceipts(request?: { user_id?: string; limit?: number; offset?: number }): Promise<ListDeletionReceiptsResponse>;
  getDeletionReceipt(receiptId: string): Promise<DeletionReceipt>;
  getUsageSummary(range?: UsageRange): Promise<UsageSummaryResponse>;
  getUsageBreakdown(range?: UsageRange): Promise<UsageBreakdownResponse>;
  getUsageLimits(): Promise<UsageLimitsResponse>;
  healthCheck(): Promise<{ ok: boolean }>;
}

export declare class ClaivError extends Error {
  constructor(message: string);
}
export declare class ClaivApiError extends ClaivError {
  constructor(status: number, body: ApiErrorBody);
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly details: unknown;
}
export declare class ClaivTimeoutError extends ClaivError {
  constructor(timeoutMs: number);
}
export declare class ClaivNetworkError extends ClaivError {
  constructor(cause: Error);
}

export interface ApiErrorBody {
  error: { code: string; message: string; request_id: string; details?: unknown };
}

export type EventType = "message" | "tool_call" | "app_event";
export type EventRole = "user" | "assistant" | "system" | "tool";
export type UsageRange = "7d" | "30d" | "month" | "today";
export type MemoryScope = "global" | "project" | "conversation";

export interface IngestRequest {
  user_id: string;
  conversation_id: string;
  project_id?: string;
  document_id?: string;
  document_name?: string;
  scope?: MemoryScope;
  type: EventType;
  role?: EventRole;
  content: string;
  metadata?: Record<string, unknown>;
  event_time?: string | number;
  idempotency_key?: string;
}
export interface IngestResponse {
  event_id: string;
  deduped: boolean;
}
export interface RecallRequest {
  user_id: string;
  conversation_id: string;
  project_id?: string;
  document_id?: string;
  query: string;
  reference_time?: string | null;
  mode_hint?: string | null;
  limits?: { answer_facts?: number; supporting_facts?: number; background_facts?: number; max_list_items?: number; document_chunks?: number };
  include?: { pending_plan?: boolean; debug?: boolean };
}
export interface V6TemporalMatch {
  ts_start: string;
  ts_end: string | null;
  raw_expression?: string | null;
  anchor_time?: string | null;
  date_type: string;
  granularity: string;
}
export interface RecallFact {
  fact_id: string;
  subject: string;
  kind: string;
  predicate: string;
  object: unknown;
  object_text: string;
  relation_phrase?: string | null;
  source_text?: string | null;
  confidence?: number | null;
  importance?: number | null;
  created_at: string;
  temporal_matches: V6TemporalMatch[];
  document_id?: string | null;
  document_name?: string | null;
}
export interface V6LLMContext {
  reference_time: string | null;
  anchor_source: "request" | "conversation_event" | "server_now";
  conversation_history: { role: string | null; content: string; event_time: string | null }[];
  fact_ids: string[];
  text: string;
}
export interface WorkingMemory {
  focus: { entities: string[]; last_subjects: string[]; last_constraints: Record<string, unknown> };
  pending_confirmation: { plan_id: string; detected_at: string } | null;
  last_plan: { plan_id: string; status: string; expires_at: string | null } | null;
  turn_summary: string | null;
}
export interface PendingPlan {
  plan_id: string;
  conversation_id: string;
  status: string;
  steps: unknown[];
  requires_confirmation: boolean;
  created_at: string;
  expires_at: string | null;
}
export interface RecallResponse {
  answer_facts: RecallFact[];
  supporting_facts: RecallFact[];
  background_context: RecallFact[];
  llm_context: V6LLMContext;
  working_memory: WorkingMemory | null;
  pending_plan: PendingPlan | null;
  routing: { mode: string; kinds: string[]; predicates: string[]; temporal_intent: unknown | null };
  debug?: Record<string, unknown>;
}
export type ContextPack = RecallResponse;

export interface ForgetRequest {
  user_id: string;
  conversation_id?: string;
  project_id?: string;
  document_id?: string;
  from_time?: string;
  to_time?: string;
  thread_id?: string;
}
export interface DeletedCounts {
  events: number;
  chunks: number;
  episodes: number;
  facts: number;
  claims: number;
  open_loops: number;
}
export interface ForgetResponse {
  receipt_id: string;
  deleted_counts: DeletedCounts;
}
export interface DeletionScope {
  user_id: string;
  conversation_id?: string | null;
  project_id?: string | null;
  from_time?: string | null;
  to_time?: string | null;
  thread_id?: string | null;
}
export interface DeletionReceipt {
  receipt_id: string;
  scope: DeletionScope;
  requested_at: string;
  completed_at: string | null;
  deleted_counts: DeletedCounts;
}
export interface ListDeletionReceiptsResponse {
  receipts: DeletionReceipt[];
  total: number;
  limit: number;
  offset: number;
}

export interface DocumentUploadRequest {
  user_id: string;
  content: string;
  document_name: string;
  project_id: string;
  document_id?: string;
  collection_id?: string;
  position?: number;
}
export interface DocumentUploadSection {
  node_id: string;
  title: string | null;
}
export interface DocumentUploadResponse {
  document_id: string;
  document_name: string;
  project_id: string;
  collection_id: string | null;
  sections: DocumentUploadSection[];
  spans_created: number;
  status: "processing";
}
export interface DocumentStatusInfo {
  status: "processing" | "ready" | "error";
  spans_created: number;
  error_message: string | null;
}
export interface DocumentListItem {
  document_id: string;
  document_name: string;
  project_id: string;
  user_id: string;
  byte_size: number | null;
  created_at: string;
  collection_ids: string[];
  document_status: DocumentStatusInfo | null;
}
export interface DocumentListResponse {
  documents: DocumentListItem[];
  total: number;
  limit: number;
  offset: number;
}
export interface CollectionCreateRequest {
  user_id: string;
  project_id: string;
  name: string;
  ordered?: boolean;
  collection_id?: string;
}
export interface CollectionRow {
  collection_id: string;
  tenant_id: string;
  user_id: string;
  project_id: string | null;
  name: string;
  ordered: boolean;
  created_at: string;
  document_count: number;
}
export interface CollectionCreateResponse {
  collection: CollectionRow;
}
export interface CollectionListResponse {
  collections: CollectionRow[];
}
export interface CollectionGetResponse {
  collection: CollectionRow;
  documents: { document_id: string; document_name: string; position: number | null; added_at: string }[];
}
export interface CollectionAddDocumentRequest {
  document_id: string;
  user_id: string;
  position?: number;
}

export interface UsageTotals {
  requests: number;
  ingest_requests: number;
  recall_requests: number;
  forget_requests: number;
  ingest_events: number;
  tokens: number;
  work_units: number;
  errors: number;
  request_bytes: number;
  response_bytes: number;
}
export interface UsageDailyEntry {
  date: string;
  requests: number;
  ingest_events: number;
  tokens: number;
  work_units: number;
  errors: number;
}
export interface UsageSummaryResponse {
  range: string;
  start_date: string;
  end_date: string;
  totals: UsageTotals;
  daily: UsageDailyEntry[];
}
export interface EndpointBreakdownEntry {
  endpoint: string;
  requests: number;
  errors: number;
  error_rate: number;
  avg_latency_ms: number;
}
export interface UsageBreakdownResponse {
  range: string;
  start_date: string;
  end_date: string;
  endpoints: EndpointBreakdownEntry[];
}
export interface UsageLimitMetric {
  used: number;
  limit: number | null;
  remaining: number | null;
  percentage_used: number;
}
export interface UsageLimitsResponse {
  plan: string;
  billing_cycle_day: number;
  reset_date: string;
  is_within_quota: boolean;
  limits: { requests: UsageLimitMetric; tokens: UsageLimitMetric; work_units: UsageLimitMetric; ingest_events: UsageLimitMetric };
}

// Published under the names that this package has, too, and never compared field by field: nothing but the names is known of them here.
export type {
  AssertionLink, Cardinality, ChangeEvent, ChangeType, ConflictStrategy, EntityResolutionMode, EpistemicType, IntentMode, LinkType, MemoryBlock,
  MemoryBlockType, Proposal, ProposalStatus, RelationPolicy, RetentionPolicy, V2DeletedCounts, V2EvidenceRef, V2ForgetRequest, V2ForgetResponse,
  V2MemoryBlock, V2MemoryBlockType, V2RecallRequest, V2RecallRequestExtended, V2RecallResponse, V3FeedbackRequest, V3FeedbackResponse,
  V3ForgetRequest, V3ForgetResponse, V3IngestRequest, V3MemoryBlock, V3MemoryBlockType, V3RecallRequest, V3RecallResponse, V3ScoreBreakdown,
  V5EvidenceRef, V5FeedbackRequest, V5FeedbackResponse, V5IngestRequest, V5IngestResponse, V5MemoryBlock, V5MemoryOperation, V5MemoryStatus,
  V5MemoryTier, V5RecallRequest, V5RecallResponse, V5TemporalEdge,
} from "claiv-memory";
import type {
  V2ForgetRequest, V2ForgetResponse, V2RecallRequest, V2RecallRequestExtended, V2RecallResponse, V3FeedbackRequest, V3FeedbackResponse,
  V3ForgetRequest, V3ForgetResponse, V3IngestRequest, V3RecallRequest, V3RecallResponse, V5FeedbackRequest, V5FeedbackResponse, V5IngestRequest,
  V5IngestResponse, V5RecallRequest, V5RecallResponse,
} from "claiv-memory";
