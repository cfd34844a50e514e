/** What became of a V5 memory when it was taken in. No method uses it. */
export type V5MemoryOperation = "ADD" | "UPDATE" | "DELETE" | "MERGE" | "NOOP" | (string & {});
/** How close at hand a V5 memory is kept. */
export type V5MemoryTier = "hot" | "warm" | "cold" | (string & {});
/** Whether a V5 memory still holds. No method uses it. */
export type V5MemoryStatus = "active" | "superseded" | "deleted" | (string & {});

/**
 * Something that happened and is worth remembering, in the form of V5.
 *
 * @deprecated Use `V6IngestRequest`.
 */
export interface V5IngestRequest {
  /** Whose memory it belongs to. Not empty. */
  user_id: string;
  type: EventType;
  /** The text itself. Not empty. */
  content: string;
  /** The conversation it belongs to. */
  thread_id?: string | undefined;
  role?: EventRole | undefined;
  /** Anything of yours that JSON can carry. */
  metadata?: { [name: string]: unknown } | undefined;
  /** When it happened: ISO 8601, or a Unix timestamp. */
  event_time?: string | number | undefined;
  /** Events with the same key are stored once. Default: a UUIDv4 made by the client. */
  idempotency_key?: string | undefined;
}

/** What `ingestV5` answers. */
export interface V5IngestResponse {
  event_id: string;
  /** True when an event with this idempotency key had been stored before; `event_id` is that one's. */
  deduped: boolean;
}

/**
 * What is to be recalled, in the form of V5.
 *
 * @deprecated Use `V6RecallRequest`.
 */
export interface V5RecallRequest {
  /** Whose memory. Not empty. */
  user_id: string;
  /** What is asked, in words. Not empty. */
  query: string;
  /** Only, or first of all, this conversation. */
  thread_id?: string | undefined;
  /** The most tokens: a whole number, 1 or more. */
  token_budget?: number | undefined;
  /** Brings what held before, too. */
  include_history?: boolean | undefined;
  /** Searches what is kept far from hand, too. */
  include_cold?: boolean | undefined;
  /** Brings facts, and no answer made of them. */
  raw_facts?: boolean | undefined;
}

/** A change from one fact to the next. */
export interface V5TemporalEdge {
  edge_id: string;
  from_fact_id: string;
  to_fact_id: string | null;
  change_type: "update" | "delete" | "merge" | (string & {});
  valid_from: string;
  valid_to: string | null;
}

/** Where a fact comes from. */
export interface V5EvidenceRef {
  event_id: string;
  source_text: string;
}

/** One piece of V5 memory. */
export interface V5MemoryBlock {
  fact_id: string;
  subject: string;
  relation: string;
  object: unknown;
  object_category: string | null;
  memory_type: string | null;
  importance_score: number;
  tier: V5MemoryTier;
  content: string;
  evidence?: V5EvidenceRef[];
  temporal_history?: V5TemporalEdge[];
}

/** What `recallV5` was made to answer. A service of V6 may answer in the form of `V6RecallResponse`. */
export interface V5RecallResponse {
  recall_id: string;
  answer: string;
  selected_ids: string[];
  memory_blocks: V5MemoryBlock[];
  token_estimate: number;
  as_of: string;
}

/**
 * Which facts of a recall were of use.
 *
 * @deprecated Use `V6FeedbackRequest`.
 */
export interface V5FeedbackRequest {
  selected_ids: string[];
  /** What the user thought of it: a whole number from 1 to 5. */
  user_rating?: number | undefined;
}

/** What `feedbackV5` answers. */
export interface V5FeedbackResponse {
  recall_id: string;
  facts_recorded: number;
}
