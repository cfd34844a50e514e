// The shapes that the service's own TypeScript client 0.6.4 publishes, written anew from its contract. Ours go wherever these are asked
// for, and these wherever ours are. Its unsuffixed names of V6 are ours with the suffix; what it has under our names is compared by name.
import type * as ours from "claiv-memory";

/** True where each of the two can stand for the other. */
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Fits<A, B> = [A] extends [B] ? true : false;
const holds = <_T extends true>(): void => {};

type Scope = "global" | "project" | "conversation";
type EventType = "message" | "tool_call" | "app_event";
type EventRole = "user" | "assistant" | "system" | "tool";

interface IngestRequest {
  user_id: string;
  conversation_id: string;
  project_id?: string;
  document_id?: string;
  document_name?: string;
  scope?: Scope;
  type: EventType;
  role?: EventRole;
  content: string;
  metadata?: Record<string, unknown>;
  event_time?: string | number;
  idempotency_key?: string;
}
interface IngestResponse {
  event_id: string;
  deduped: boolean;
}
interface RecallRequest {
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
interface TemporalMatch {
  ts_start: string;
  ts_end: string | null;
  raw_expression?: string | null;
  anchor_time?: string | null;
  date_type: string;
  granularity: string;
}
interface RecallFact {
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
  temporal_matches: TemporalMatch[];
  document_id?: string | null;
  document_name?: string | null;
}
interface LLMContext {
  reference_time: string | null;
  anchor_source: "request" | "conversation_event" | "server_now";
  conversation_history: { role: string | null; content: string; event_time: string | null }[];
  fact_ids: string[];
  text: string;
}
interface WorkingMemory {
  focus: { entities: string[]; last_subjects: string[]; last_constraints: Record<string, unknown> };
  pending_confirmation: { plan_id: string; detected_at: string } | null;
  last_plan: { plan_id: string; status: string; expires_at: string | null } | null;
  turn_summary: string | null;
}
interface PendingPlan {
  plan_id: string;
  conversation_id: string;
  status: string;
  steps: unknown[];
  requires_confirmation: boolean;
  created_at: string;
  expires_at: string | null;
}
interface RecallResponse {
  answer_facts: RecallFact[];
  supporting_facts: RecallFact[];
  background_context: RecallFact[];
  llm_context: LLMContext;
  working_memory: WorkingMemory | null;
  pending_plan: PendingPlan | null;
  routing: { mode: string; kinds: string[]; predicates: string[]; temporal_intent: unknown | null };
  debug?: Record<string, unknown>;
}
interface ForgetRequest {
  user_id: string;
  conversation_id?: string;
  project_id?: string;
  document_id?: string;
  from_time?: string;
  to_time?: string;
  thread_id?: string;
}
interface DeletionScope {
  user_id: string;
  conversation_id?: string | null;
  project_id?: string | null;
  from_time?: string | null;
  to_time?: string | null;
  thread_id?: string | null;
}
interface DocumentUploadResponse {
  document_id: string;
  document_name: string;
  project_id: string;
  collection_id: string | null;
  sections: { node_id: string; title: string | null }[];
  spans_created: number;
  status: "processing";
}
interface DocumentListItem {
  document_id: string;
  document_name: string;
  project_id: string;
  user_id: string;
  byte_size: number | null;
  created_at: string;
  collection_ids: string[];
  document_status: { status: "processing" | "ready" | "error"; spans_created: number; error_message: string | null } | null;
}
interface CollectionRow {
  collection_id: string;
  tenant_id: string;
  user_id: string;
  project_id: string | null;
  name: string;
  ordered: boolean;
  created_at: string;
  document_count: number;
}
interface CollectionGetResponse {
  collection: CollectionRow;
  documents: { document_id: string; document_name: string; position: number | null; added_at: string }[];
}

// Answers: each way.
holds<Both<ours.IngestResponse, IngestResponse>>();
holds<Both<ours.V6IngestResponse, IngestResponse>>();
holds<Both<ours.V6RecallResponse, RecallResponse>>();
holds<Both<ours.V6ContextPack, RecallResponse>>();
holds<Both<ours.RecallFact, RecallFact>>();
holds<Both<ours.V6TemporalMatch, TemporalMatch>>();
holds<Both<ours.V6LLMContext, LLMContext>>();
holds<Both<ours.WorkingMemory, WorkingMemory>>();
holds<Both<ours.PendingPlan, PendingPlan>>();
holds<Both<ours.DeletionScope, DeletionScope>>();
holds<Both<ours.DocumentUploadResponse, DocumentUploadResponse>>();
holds<Both<ours.DocumentListItem, DocumentListItem>>();
holds<Both<ours.DocumentListResponse["documents"], DocumentListItem[]>>();
holds<Both<ours.CollectionRow, CollectionRow>>();
holds<Both<ours.CollectionCreateResponse["collection"], CollectionRow>>();
holds<Both<ours.CollectionListResponse["collections"], CollectionRow[]>>();
holds<Both<ours.CollectionGetResponse, CollectionGetResponse>>();

// What each method answers.
type Answer<M extends keyof ours.ClaivClient> = ours.ClaivClient[M] extends (...args: never[]) => Promise<infer T> ? T : never;
holds<Both<Answer<"ingestV6">, IngestResponse>>();
holds<Both<Answer<"recallV6">, RecallResponse>>();
holds<Both<Answer<"uploadDocument">, DocumentUploadResponse>>();
holds<Both<Answer<"deleteDocument">, { deleted: boolean; document_id: string }>>();
holds<Both<Answer<"getCollection">, CollectionGetResponse>>();
holds<Both<Answer<"deleteCollection">, { deleted: boolean; collection_id: string }>>();
holds<Both<Answer<"addDocumentToCollection">, { added: boolean; collection_id: string; document_id: string }>>();
holds<Both<Answer<"removeDocumentFromCollection">, { removed: boolean; collection_id: string; document_id: string }>>();

// Requests: what was written for the service's client goes into ours. The other way ours also take undefined where it widens nothing.
holds<Fits<IngestRequest, ours.V6IngestRequest>>();
holds<Fits<RecallRequest, ours.V6RecallRequest>>();
holds<Both<ours.V6ForgetRequest, ForgetRequest>>();
holds<Both<ours.MemoryScope, Scope>>();
holds<Both<ours.EventType, EventType>>();
holds<Both<ours.EventRole, EventRole>>();

// The client's options, by the same names.
holds<Fits<{ apiKey: string; baseUrl?: string; timeout?: number; maxRetries?: number; fetch?: typeof globalThis.fetch }, ours.ClaivClientOptions>>();
