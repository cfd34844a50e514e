// Unions that the service may extend take unknown strings in answers, and still know their own.
import type {
  ApiErrorBody,
  AssertionLink,
  Cardinality,
  ChangeEvent,
  ChangeType,
  ClaivErrorCode,
  ConflictStrategy,
  EpistemicType,
  EventRole,
  EventType,
  IntentMode,
  LinkType,
  MemoryBlock,
  MemoryBlockType,
  Proposal,
  ProposalStatus,
  RelationPolicy,
  UsageRange,
  UsageSummaryResponse,
  V2MemoryBlock,
  V2MemoryBlockType,
} from "claiv-memory";

/** True where a type is string itself, so that an editor has nothing to complete. */
type IsString<T> = (<U>() => U extends T ? 1 : 2) extends <U>() => U extends string ? 1 : 2 ? true : false;
/** The literals of a union. */
type Known<T> = T extends string ? (string extends T ? never : T) : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
const holds = <_T extends true>(): void => {};

// Open: anything may come, what is known is still listed.
const open: [
  MemoryBlockType, V2MemoryBlockType, ClaivErrorCode, EpistemicType, Cardinality, ConflictStrategy, ProposalStatus, ChangeType, LinkType,
  UsageSummaryResponse["range"],
] = ["new", "new", "new", "new", "new", "new", "new", "new", "new", "new"];
export const anything: string[] = open;

holds<Same<IsString<MemoryBlockType | V2MemoryBlockType>, false>>();
holds<Same<IsString<ClaivErrorCode>, false>>();
type Literal<T, L extends string> = L extends T ? true : false;
holds<Literal<MemoryBlockType, "open_loop" | "fact" | "claim" | "episode" | "chunk" | "contradiction">>();
holds<Literal<V2MemoryBlockType, "assertion" | "episode" | "conflict">>();
holds<Literal<ClaivErrorCode, "invalid_request" | "unauthorized" | "quota_exceeded" | "unknown">>();

// Closed: what a request may say.
holds<Same<Known<EventType>, "message" | "tool_call" | "app_event">>();
holds<Same<EventRole, "user" | "assistant" | "system" | "tool">>();
holds<Same<UsageRange, "7d" | "30d" | "month" | "today">>();
holds<Same<IntentMode, "state" | "delta" | "tasks" | "audit" | "compose" | "conversation">>();

export function describe(block: MemoryBlock | V2MemoryBlock): string {
  switch (block.type) {
    case "fact":
    case "assertion":
      return block.content;
    default: {
      const kind: string = block.type;
      return `${kind}: ${block.content}`;
    }
  }
}

// Types that belong to no method yet.
export const policy: RelationPolicy = {
  relation: "uses", cardinality: "set", conflict_strategy: "merge", requires_confirmation: false, supports_negation: true, temporal_scoped: false,
};
export const proposal: Proposal = {
  proposal_id: "p", tenant_id: "t", user_id: "u", thread_id: null, relation: "uses", subject_entity_id: null, subject_display: "User",
  proposed_object: { any: ["thing"] }, qualifiers: {}, confidence: 0.5, status: "pending", source_event_id: "e", accepted_event_id: null,
  expires_at: null, created_at: "2026-01-01", resolved_at: null,
};
export const change: ChangeEvent = {
  change_id: "c", tenant_id: "t", user_id: "u", thread_id: null, relation: "uses", subject_entity_id: null, subject_display: "User",
  old_assertion_id: null, new_assertion_id: "a", change_type: "create", old_value: undefined, new_value: 5, trigger_event_id: "e",
  created_at: "2026-01-01",
};
export const link: AssertionLink = { link_id: "l", from_assertion_id: "a", to_assertion_id: "b", link_type: "supersedes", created_at: "2026-01-01" };
export const body: ApiErrorBody = { error: { code: "quota_exceeded", message: "m", request_id: "r", details: { retry_after: 5 } } };
