/** What a V2 memory block holds. The service may add kinds. */
export type V2MemoryBlockType = "assertion" | "episode" | "conflict" | (string & {});

/** Where an assertion comes from. */
export interface V2EvidenceRef {
  event_id: string;
  /** The words of the event that say so. */
  quote: string;
}

/** One piece of V2 memory. */
export interface V2MemoryBlock {
  type: V2MemoryBlockType;
  content: string;
  /** The events it comes from. */
  source_ids: string[];
  evidence?: V2EvidenceRef[];
  /** How well it fits the task; higher is better. */
  score: number;
}

/** What a V2 context pack is wanted for. */
export interface V2RecallRequest {
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
}

/** What the pack should answer: how things stand, what changed, what is to do, where it comes from, or all together. */
export type IntentMode = "state" | "delta" | "tasks" | "audit" | "compose" | "conversation";

/** A V2.1 request: `V2RecallRequest` with an intent. */
export interface V2RecallRequestExtended extends V2RecallRequest {
  mode?: IntentMode | undefined;
  /** For `delta`: what changed since this time (ISO 8601). */
  since?: string | undefined;
  /** Only these relations. */
  relations?: string[] | undefined;
  /** For `tasks`: which tasks. */
  status?: "open" | "completed" | "all" | undefined;
}

/** What `recallV2` answers. */
export interface V2RecallResponse {
  /** Text for the system prompt, as the service words it. */
  system_context: string;
  /** The pack in pieces, best first. */
  memory_blocks: V2MemoryBlock[];
  /** Ids of all events that the pack rests on. */
  citations: string[];
  /** How many tokens the pack takes; never more than the budget. */
  token_estimate: number;
}

/** What to forget of V2 memory; see `ForgetRequest`. */
export interface V2ForgetRequest {
  /** Whose memory. Not empty. */
  user_id: string;
  /** Only this conversation. */
  thread_id?: string;
  /** Only what happened at this time (ISO 8601) or later. */
  from_time?: string;
  /** Only what happened at this time (ISO 8601) or earlier; not before `from_time`. */
  to_time?: string;
}

/** How much V2 memory was deleted, by kind. */
export interface V2DeletedCounts {
  events: number;
  assertions: number;
  episodes: number;
  entities: number;
  conflicts: number;
  extraction_failures: number;
}

/** What `forgetV2` answers. */
export interface V2ForgetResponse {
  /** Proof of the deletion: see `getDeletionReceipt`. */
  receipt_id: string;
  deleted_counts: V2DeletedCounts;
  /** What did not go as it should. */
  warnings?: string[];
}

/** How an assertion is meant. No method uses it yet. */
export type EpistemicType = "fact" | "aspiration" | "belief" | "hypothetical" | "proposal" | (string & {});
/** How many values a relation has. No method uses it yet. */
export type Cardinality = "single" | "set" | "task_keyed" | "proposal" | (string & {});
/** What happens to an older value. No method uses it yet. */
export type ConflictStrategy = "supersede" | "merge" | "conflict" | "ignore" | (string & {});
/** What became of a proposal. No method uses it yet. */
export type ProposalStatus = "pending" | "accepted" | "rejected" | "expired" | (string & {});
/** What a change did. No method uses it yet. */
export type ChangeType = "create" | "update" | "delete" | "correct" | "negate" | (string & {});
/** How two assertions hang together. No method uses it yet. */
export type LinkType = "supersedes" | "derived_from" | "conflicts_with" | "resolves" | "corrects" | "negates" | (string & {});

/** How a relation behaves. No method uses it yet. */
export interface RelationPolicy {
  relation: string;
  cardinality: Cardinality;
  conflict_strategy: ConflictStrategy;
  requires_confirmation: boolean;
  supports_negation: boolean;
  temporal_scoped: boolean;
}

/** An assertion that awaits a decision. No method uses it yet. */
export interface Proposal {
  proposal_id: string;
  tenant_id: string;
  user_id: string;
  thread_id: string | null;
  relation: string;
  subject_entity_id: string | null;
  subject_display: string;
  proposed_object: unknown;
  qualifiers: { [name: string]: unknown };
  confidence: number;
  status: ProposalStatus;
  source_event_id: string;
  accepted_event_id: string | null;
  expires_at: string | null;
  created_at: string;
  resolved_at: string | null;
}

/** A change of an assertion. No method uses it yet. */
export interface ChangeEvent {
  change_id: string;
  tenant_id: string;
  user_id: string;
  thread_id: string | null;
  relation: string;
  subject_entity_id: string | null;
  subject_display: string;
  old_assertion_id: string | null;
  new_assertion_id: string | null;
  change_type: ChangeType;
  old_value: unknown;
  new_value: unknown;
  trigger_event_id: string;
  created_at: string;
}

/** A link between two assertions. No method uses it yet. */
export interface AssertionLink {
  link_id: string;
  from_assertion_id: string;
  to_assertion_id: string;
  link_type: LinkType;
  created_at: string;
}
