/** What kind of thing happened. */
export type EventType = "message" | "tool_call" | "app_event";

/** Who said it. */
export type EventRole = "user" | "assistant" | "system" | "tool";

/** What a memory block holds. The service may add kinds. */
export type MemoryBlockType = "open_loop" | "fact" | "claim" | "episode" | "chunk" | "contradiction" | (string & {});

/** Something that happened and is worth remembering. */
export interface IngestRequest {
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
  /** When it happened, as ISO 8601; default: when the service receives it. */
  event_time?: string | undefined;
  /** Events with the same key are stored once. Default: a UUIDv4 made by the client. */
  idempotency_key?: string | undefined;
}

/** What `ingest` answers. */
export interface IngestResponse {
  event_id: string;
  /** True when an event with this idempotency key had been stored before; `event_id` is that one's. */
  deduped: boolean;
}

/** What a context pack is wanted for. */
export interface RecallRequest {
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
  /** Narrows the memory that is searched, by whatever names the service knows. */
  scope?: { [name: string]: unknown } | undefined;
}

/** One piece of memory. */
export interface MemoryBlock {
  type: MemoryBlockType;
  content: string;
  /** The events it comes from. */
  source_ids: string[];
  /** How well it fits the task; higher is better. */
  score: number;
}

/** What `recall` answers: a context pack. */
export interface RecallResponse {
  /** Text for the system prompt, as the service words it. */
  system_context: string;
  /** The pack in pieces, best first. */
  memory_blocks: MemoryBlock[];
  /** Ids of all events that the pack rests on. */
  citations: string[];
  /** How many tokens the pack takes; never more than the budget. */
  token_estimate: number;
}

/** What `recall` answers. */
export type ContextPack = RecallResponse;

/**
 * What to forget: everything of a user, or the part that all given limits share. A limit is left out or given a value; one that is
 * present but undefined is refused, since it would widen the deletion.
 */
export interface ForgetRequest {
  /** Whose memory. Not empty. */
  user_id: string;
  /** Only this conversation. */
  thread_id?: string;
  /** Only what happened at this time (ISO 8601) or later. */
  from_time?: string;
  /** Only what happened at this time (ISO 8601) or earlier; not before `from_time`. */
  to_time?: string;
}

/** How much was deleted, by kind. */
export interface DeletedCounts {
  events: number;
  chunks: number;
  episodes: number;
  facts: number;
  claims: number;
  open_loops: number;
}

/** What `forget` answers. */
export interface ForgetResponse {
  /** Proof of the deletion: see `getDeletionReceipt`. */
  receipt_id: string;
  deleted_counts: DeletedCounts;
}

/** The body of an error answer. */
export interface ApiErrorBody {
  error: { code: ClaivErrorCode; message: string; request_id: string; details?: unknown };
}

export interface ClaivClient {
  /** V1's `ingest`, by a name that means the same in `claiv-memory` and `claiv-memory/v6`. `POST /v1/ingest` */
  ingestV1(request: V1IngestRequest, options?: CallOptions): Promise<IngestResponse>;
  /** V1's `ingestMany`, by a name that means the same in `claiv-memory` and `claiv-memory/v6`. */
  ingestManyV1(events: readonly V1IngestRequest[], options?: IngestManyOptions): Promise<PromiseSettledResult<IngestResponse>[]>;
  /** V1's `recall`, by a name that means the same in `claiv-memory` and `claiv-memory/v6`. `POST /v1/recall` */
  recallV1(request: V1RecallRequest, options?: CallOptions): Promise<V1RecallResponse>;
  /** V1's `forget`, by a name that means the same in `claiv-memory` and `claiv-memory/v6`. `POST /v1/forget` */
  forgetV1(request: V1ForgetRequest, options?: CallOptions): Promise<ForgetResponse>;
}

/** What `ingestV1` takes. */
export type V1IngestRequest = IngestRequest;
/** What `recallV1` takes. */
export type V1RecallRequest = RecallRequest;
/** What `recallV1` answers. */
export type V1RecallResponse = RecallResponse;
/** What `recallV1` answers. */
export type V1ContextPack = RecallResponse;
/** What `forgetV1` takes. */
export type V1ForgetRequest = ForgetRequest;
