/** Where a memory holds: everywhere, within a project, or within a conversation. */
export type MemoryScope = "global" | "project" | "conversation";

/** Something that happened in a conversation and is worth remembering. */
export interface V6IngestRequest {
  /** Whose memory it belongs to. Not empty. */
  user_id: string;
  type: EventType;
  /** The text itself. Not empty. */
  content: string;
  /** The conversation it belongs to. Not empty. */
  conversation_id: string;
  /** The project under which its facts are kept. */
  project_id?: string | undefined;
  /** Where its facts hold. Default: `"global"`. */
  scope?: MemoryScope | undefined;
  /** The document that its facts come from. */
  document_id?: string | undefined;
  /** That document's name, for citations. */
  document_name?: string | undefined;
  role?: EventRole | undefined;
  /** Anything of yours that JSON can carry. */
  metadata?: { [name: string]: unknown } | undefined;
  /** When it happened: ISO 8601, or Unix seconds. Default: when the service receives it. */
  event_time?: string | number | undefined;
  /** Events with the same key are stored once. Default: a UUIDv4 made by the client. */
  idempotency_key?: string | undefined;
}

/** What `ingestV6` answers. */
export type V6IngestResponse = IngestResponse;

/** How much a recall may bring: whole numbers, 0 or more. */
export interface RecallLimits {
  answer_facts?: number | undefined;
  supporting_facts?: number | undefined;
  background_facts?: number | undefined;
  max_list_items?: number | undefined;
  /** The most passages of documents. Default: 5. */
  document_chunks?: number | undefined;
}

/** What a recall brings beside the facts. */
export interface RecallInclude {
  pending_plan?: boolean | undefined;
  debug?: boolean | undefined;
}

/** What is to be recalled. */
export interface V6RecallRequest {
  /** Whose memory. Not empty. */
  user_id: string;
  /** What is asked, in words. Not empty. */
  query: string;
  /** The conversation in which it is asked. Not empty. */
  conversation_id: string;
  /** Brings in what holds within this project. */
  project_id?: string | undefined;
  /** Only what comes from this document. */
  document_id?: string | undefined;
  /** What "now" is for the query (ISO 8601). */
  reference_time?: string | null | undefined;
  /** How the query should be taken, by whatever names the service knows. */
  mode_hint?: string | null | undefined;
  limits?: RecallLimits | undefined;
  include?: RecallInclude | undefined;
}

/** A time that a fact speaks of. */
export interface V6TemporalMatch {
  ts_start: string;
  ts_end: string | null;
  /** The words that say it. */
  raw_expression?: string | null;
  /** What those words count from. */
  anchor_time?: string | null;
  date_type: string;
  granularity: string;
}

/** A fact. */
export interface RecallFact {
  fact_id: string;
  subject: string;
  kind: string;
  predicate: string;
  object: unknown;
  object_text: string;
  relation_phrase?: string | null;
  /** The words it comes from. */
  source_text?: string | null;
  confidence?: number | null;
  importance?: number | null;
  created_at: string;
  temporal_matches: V6TemporalMatch[];
  /** The document it comes from. */
  document_id?: string | null;
  document_name?: string | null;
}

/** A message of the conversation so far. */
export interface V6ConversationMessage {
  role: EventRole | (string & {}) | null;
  content: string;
  event_time: string | null;
}

/** Memory in the form a model takes. */
export interface V6LLMContext {
  reference_time: string | null;
  /** Where `reference_time` comes from. */
  anchor_source: "request" | "conversation_event" | "server_now";
  conversation_history: V6ConversationMessage[];
  /** The facts that `text` rests on. */
  fact_ids: string[];
  /** For the system prompt, as it is. */
  text: string;
}

/** How the conversation stands. */
export interface WorkingMemory {
  /** What it is about just now. */
  focus: { entities: string[]; last_subjects: string[]; last_constraints: { [name: string]: unknown } };
  /** The plan that awaits a yes. */
  pending_confirmation: { plan_id: string; detected_at: string } | null;
  last_plan: { plan_id: string; status: string; expires_at: string | null } | null;
  turn_summary: string | null;
}

/** A plan that has not been carried out. */
export interface PendingPlan {
  plan_id: string;
  conversation_id: string;
  status: string;
  steps: unknown[];
  requires_confirmation: boolean;
  created_at: string;
  expires_at: string | null;
}

/** How the service took a query. */
export interface RecallRouting {
  mode: string;
  kinds: string[];
  predicates: string[];
  temporal_intent: unknown;
}

/** What `recallV6` answers. */
export interface V6RecallResponse {
  /** What answers the query. */
  answer_facts: RecallFact[];
  /** What backs that up. */
  supporting_facts: RecallFact[];
  /** What lies further around it. */
  background_context: RecallFact[];
  llm_context: V6LLMContext;
  working_memory: WorkingMemory | null;
  pending_plan: PendingPlan | null;
  routing: RecallRouting;
  /** Given where `include.debug` asked for it. */
  debug?: { [name: string]: unknown };
}

/** What `recallV6` answers. */
export type V6ContextPack = V6RecallResponse;

/** What to forget: everything of a user, or the part that all given limits share; see `ForgetRequest`. The service may require a limit. */
export interface V6ForgetRequest {
  /** Whose memory. Not empty. */
  user_id: string;
  /** Only this conversation. Not empty. The service may require it. */
  conversation_id?: string;
  /** Only what is kept under this project. */
  project_id?: string;
  /** Only what comes from this document. */
  document_id?: string;
  /** Only what happened at this time (ISO 8601) or later. */
  from_time?: string;
  /** Only what happened at this time (ISO 8601) or earlier; not before `from_time`. */
  to_time?: string;
  /** @deprecated Use `conversation_id`. */
  thread_id?: string;
}

/** What `forgetV6` answers. */
export type V6ForgetResponse = ForgetResponse;

/** Which facts of a recall were of use. */
export interface V6FeedbackRequest {
  selected_ids: string[];
  /** What the user thought of it: a whole number from 1 to 5. */
  user_rating?: number | undefined;
}

/** What `feedbackV6` answers. */
export interface V6FeedbackResponse {
  recall_id: string;
  facts_recorded: number;
}
