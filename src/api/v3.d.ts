/** How long an event is kept: as usual, until a hold ends, or for a short time. */
export type RetentionPolicy = "standard" | "legal_hold" | "ephemeral";

/** How mentions of one entity are brought together. */
export type EntityResolutionMode = "merged" | "probabilistic" | "raw";

/** Something that happened and is worth remembering, and for how long. */
export interface V3IngestRequest extends IngestRequest {
  /** Default: the service's own. */
  retention_policy?: RetentionPolicy | undefined;
}

/** What a V3 memory block holds. The service may add kinds. */
export type V3MemoryBlockType = "fact" | "task" | "change" | "episode" | "conflict" | "raw_message" | (string & {});

/** What a block's score is made of. */
export interface V3ScoreBreakdown {
  type_weight: number;
  relevance: number;
  recency: number;
  confidence: number;
  frequency: number;
  verified_boost: number;
  intent_match: number;
  thread_boost: number;
  final_score: number;
}

/** One piece of V3 memory. */
export interface V3MemoryBlock {
  type: V3MemoryBlockType;
  content: string;
  /** The events it comes from. */
  source_ids: string[];
  evidence?: V2EvidenceRef[];
  /** Its priority; higher is better. */
  score: number;
  score_breakdown?: V3ScoreBreakdown;
}

/** What a V3 context pack is wanted for. */
export interface V3RecallRequest {
  /** Whose memory. Not empty. */
  user_id: string;
  /** What the model is about to do, in words. Not empty. */
  task: string;
  /** The most tokens that the pack may take: a whole number from 200 to 8000. */
  token_budget: number;
  /** Only, or first of all, this conversation. */
  thread_id?: string | undefined;
  /** Leaves out what the service trusts less than this. */
  min_confidence?: number | undefined;
  entity_resolution?: EntityResolutionMode | undefined;
}

/** What `recallV3` answers. */
export interface V3RecallResponse {
  /** For `feedbackV3`. */
  recall_id: string;
  /** Which moment the pack shows (ISO 8601). */
  as_of: string;
  /** Text for the system prompt, as the service words it. */
  system_context: string;
  /** The pack in pieces, best first. */
  memory_blocks: V3MemoryBlock[];
  /** Ids of all events that the pack rests on. */
  citations: string[];
  /** How many tokens the pack takes. */
  token_estimate: number;
  /** By how much the memory lags behind what was ingested. */
  ingestion_lag_seconds: number;
  /** Given when the pack may be out of date. */
  stale_warning?: string;
}

/** What to forget of V3 memory; see `ForgetRequest`. */
export interface V3ForgetRequest extends ForgetRequest {
  /** True deletes at once, without a time in which it could be undone. */
  immediate?: boolean | undefined;
}

/** What `forgetV3` answers. */
export interface V3ForgetResponse {
  /** Proof of the deletion: see `getDeletionReceipt`. */
  receipt_id: string;
  audit_id: string;
  /** How far the deletion has come. */
  phase: string;
  events_tombstoned: number;
  /** When the deletion becomes final (ISO 8601). */
  grace_expires_at?: string;
}

/** Which facts of a V3 recall were of use. */
export interface V3FeedbackRequest {
  fact_ids_used: string[];
}

/** What `feedbackV3` answers. */
export interface V3FeedbackResponse {
  recall_id: string;
  facts_recorded: number;
}
