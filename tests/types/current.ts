// V3, V6, documents, collections and the aliases of V5: every method with every field, as a strict program uses them.
import type {
  CallOptions,
  ClaivClient,
  CollectionAddDocumentRequest,
  CollectionAddDocumentResponse,
  CollectionCreateRequest,
  CollectionCreateResponse,
  CollectionDeleteResponse,
  CollectionDocument,
  CollectionGetResponse,
  CollectionListRequest,
  CollectionListResponse,
  CollectionRemoveDocumentResponse,
  CollectionRow,
  DeletionReceipt,
  DocumentDeleteResponse,
  DocumentListItem,
  DocumentListRequest,
  DocumentListResponse,
  DocumentStatusInfo,
  DocumentUploadRequest,
  DocumentUploadResponse,
  DocumentUploadSection,
  EntityResolutionMode,
  ForgetResponse,
  IngestResponse,
  MemoryScope,
  PendingPlan,
  RecallFact,
  RecallInclude,
  RecallLimits,
  RecallRouting,
  RetentionPolicy,
  V2EvidenceRef,
  V3FeedbackRequest,
  V3FeedbackResponse,
  V3ForgetRequest,
  V3ForgetResponse,
  V3IngestRequest,
  V3MemoryBlock,
  V3MemoryBlockType,
  V3RecallRequest,
  V3RecallResponse,
  V3ScoreBreakdown,
  V5EvidenceRef,
  V5FeedbackRequest,
  V5FeedbackResponse,
  V5IngestRequest,
  V5IngestResponse,
  V5MemoryBlock,
  V5MemoryOperation,
  V5MemoryStatus,
  V5MemoryTier,
  V5RecallRequest,
  V5RecallResponse,
  V5TemporalEdge,
  V6ContextPack,
  V6ConversationMessage,
  V6FeedbackRequest,
  V6FeedbackResponse,
  V6ForgetRequest,
  V6ForgetResponse,
  V6IngestRequest,
  V6IngestResponse,
  V6LLMContext,
  V6RecallRequest,
  V6RecallResponse,
  V6TemporalMatch,
  WorkingMemory,
} from "claiv-memory";

/** True where the two types are the same one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** The names of the fields that must be given. */
type Required_<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];
const holds = <_T extends true>(): void => {};

declare const client: ClaivClient;
declare const call: CallOptions;
const NOW = "2026-01-31T12:00:00Z";
const PLAIN = {
  user_id: "u", type: "message", content: "c", thread_id: "t", role: "user", metadata: { a: [1] }, event_time: NOW, idempotency_key: "k",
} as const;
const LIMITS = { user_id: "u", thread_id: "t", from_time: NOW, to_time: NOW };

export async function third(): Promise<void> {
  const policy: RetentionPolicy = "legal_hold";
  const event: Required<V3IngestRequest> = { ...PLAIN, retention_policy: policy };
  const stored: IngestResponse = await client.ingestV3(event, call);
  const mode: EntityResolutionMode = "probabilistic";
  const wish: Required<V3RecallRequest> = {
    user_id: "u", task: "t", token_budget: 200, thread_id: "t", min_confidence: 0, entity_resolution: mode,
  };
  const pack: V3RecallResponse = await client.recallV3(wish, call);
  const blocks: V3MemoryBlock[] = pack.memory_blocks;
  const evidence: V2EvidenceRef[] = blocks.flatMap((block) => block.evidence ?? []);
  const scores: V3ScoreBreakdown[] = blocks.flatMap(({ score_breakdown }) => score_breakdown ?? []);
  const sum: number = scores.reduce((all, one) => all + one.type_weight + one.relevance + one.recency + one.confidence + one.frequency
    + one.verified_boost + one.intent_match + one.thread_boost + one.final_score, pack.ingestion_lag_seconds + pack.token_estimate);
  const texts: (string | undefined)[] = [pack.recall_id, pack.as_of, pack.system_context, pack.stale_warning, ...pack.citations];
  const gone: V3ForgetResponse = await client.forgetV3({ ...LIMITS, immediate: true } satisfies Required<V3ForgetRequest>, call);
  const used: V3FeedbackRequest = { fact_ids_used: ["f"] };
  const { recall_id, facts_recorded }: V3FeedbackResponse = await client.feedbackV3(pack.recall_id, used, call);
  const ends: string | undefined = gone.grace_expires_at;
  console.log(stored.deduped, evidence, sum, texts, ends, gone.audit_id, gone.phase, gone.events_tombstoned, gone.receipt_id, recall_id, facts_recorded);
}

export async function sixth(): Promise<void> {
  const scope: MemoryScope = "project";
  const { thread_id: _, ...plain } = PLAIN;
  const event: Required<V6IngestRequest> = {
    ...plain, conversation_id: "c", project_id: "p", scope, document_id: "d", document_name: "n",
  };
  await client.ingestV6({ ...event, event_time: 1769860800 });
  const stored: V6IngestResponse = await client.ingestV6(event, call);
  const limits: Required<RecallLimits> = { answer_facts: 1, supporting_facts: 1, background_facts: 1, max_list_items: 1, document_chunks: 1 };
  const include: Required<RecallInclude> = { pending_plan: true, debug: true };
  const wish: Required<V6RecallRequest> = {
    user_id: "u", query: "q", conversation_id: "c", project_id: "p", document_id: "d", reference_time: null, mode_hint: null, limits, include,
  };
  const pack: V6RecallResponse = await client.recallV6(wish, call);
  const same: V6ContextPack = pack;
  const facts: RecallFact[] = [...same.answer_facts, ...pack.supporting_facts, ...pack.background_context];
  const times: V6TemporalMatch[] = facts.flatMap((fact) => fact.temporal_matches);
  const context: V6LLMContext = pack.llm_context;
  const history: V6ConversationMessage[] = context.conversation_history;
  const routing: RecallRouting = pack.routing;
  const memory: WorkingMemory | null = pack.working_memory;
  const plan: PendingPlan | null = pack.pending_plan;
  const prompt: string = context.text + context.anchor_source + context.fact_ids.join() + (context.reference_time ?? "");
  for (const { fact_id, subject, kind, predicate, object, object_text, created_at, confidence, document_name } of facts) {
    const trust: number | null | undefined = confidence;
    console.log(fact_id + subject + kind + predicate + object_text + created_at, object, trust, document_name?.length);
  }
  console.log(stored.event_id, prompt, times[0]?.ts_end?.length, history[0]?.role, routing.temporal_intent, routing.kinds.join());
  console.log(memory?.focus.entities, memory?.pending_confirmation?.plan_id, memory?.last_plan?.expires_at, plan?.steps.length, pack.debug);
  const all: Required<V6ForgetRequest> = { ...LIMITS, conversation_id: "c", project_id: "p", document_id: "d" };
  const gone: V6ForgetResponse = await client.forgetV6(all, call);
  const whole: V6ForgetResponse = await client.forgetV6({ user_id: "u" });
  const feedback: Required<V6FeedbackRequest> = { selected_ids: ["f"], user_rating: 5 };
  const answer: V6FeedbackResponse = await client.feedbackV6("r", feedback, call);
  console.log(gone.deleted_counts.facts, whole.receipt_id, answer.facts_recorded);
}

export async function documents(): Promise<void> {
  const document: Required<DocumentUploadRequest> = {
    user_id: "u", content: "# c", document_name: "n", project_id: "p", document_id: "d", collection_id: "k", position: 0,
  };
  const made: DocumentUploadResponse = await client.uploadDocument(document, call);
  const sections: DocumentUploadSection[] = made.sections;
  const page: Required<DocumentListRequest> = { user_id: "u", project_id: "p", collection_id: "k", limit: 1, offset: 0 };
  const list: DocumentListResponse = await client.listDocuments(page, call);
  const items: DocumentListItem[] = list.documents;
  const status: DocumentStatusInfo | null | undefined = items[0]?.document_status;
  const gone: DocumentDeleteResponse = await client.deleteDocument(made.document_id, call);
  console.log(sections[0]?.title?.length, made.spans_created + list.total, status?.error_message, gone.deleted, gone.document_id);

  const collection: Required<CollectionCreateRequest> = { user_id: "u", project_id: "p", name: "n", ordered: true, collection_id: "k" };
  const { collection: row }: CollectionCreateResponse = await client.createCollection(collection, call);
  const first: CollectionRow = row;
  const which: Required<CollectionListRequest> = { user_id: "u", project_id: "p", limit: 1, offset: 0 };
  const rows: CollectionListResponse = await client.listCollections(which, call);
  const one: CollectionGetResponse = await client.getCollection(first.collection_id, "u", call);
  const members: CollectionDocument[] = one.documents;
  const member: Required<CollectionAddDocumentRequest> = { document_id: "d", user_id: "u", position: 0 };
  const added: CollectionAddDocumentResponse = await client.addDocumentToCollection("k", member, call);
  const removed: CollectionRemoveDocumentResponse = await client.removeDocumentFromCollection("k", "d", call);
  const deleted: CollectionDeleteResponse = await client.deleteCollection("k", "u", call);
  const done: boolean[] = [added.added, removed.removed, deleted.deleted];
  console.log(added.collection_id, added.document_id, removed.collection_id, removed.document_id, deleted.collection_id);
  console.log(rows.collections.length, members[0]?.position?.toFixed(), done.length);
}

export async function pages(): Promise<void> {
  for await (const item of client.documents({ user_id: "u" }, call)) console.log((item satisfies DocumentListItem).document_id);
  for await (const row of client.collections({ user_id: "u", limit: 5 })) console.log((row satisfies CollectionRow).name);
  for await (const receipt of client.deletionReceipts()) console.log((receipt satisfies DeletionReceipt).receipt_id);
  const rest = { user_id: "u", document_name: "n", project_id: "p" };
  const bytes: ReadableStream<Uint8Array> = new Blob(["c"]).stream();
  const words: ReadableStream<string> = new ReadableStream<string>();
  for (const content of ["c", new Blob(["c"]), bytes, words]) await client.uploadDocument({ ...rest, content });
  // @ts-expect-error bytes as they are say nothing of their encoding
  await client.uploadDocument({ ...rest, content: new Uint8Array(5) });
}

export async function fifth(): Promise<void> {
  const event: Required<V5IngestRequest> = { ...PLAIN, event_time: 1769860800 };
  const stored: V5IngestResponse = await client.ingestV5(event, call);
  const wish: Required<V5RecallRequest> = {
    user_id: "u", query: "q", thread_id: "t", token_budget: 1, include_history: true, include_cold: true, raw_facts: true,
  };
  const pack: V5RecallResponse = await client.recallV5(wish, call);
  const blocks: V5MemoryBlock[] = pack.memory_blocks;
  const evidence: V5EvidenceRef[] = blocks.flatMap((block) => block.evidence ?? []);
  const edges: V5TemporalEdge[] = blocks.flatMap((block) => block.temporal_history ?? []);
  const words: [V5MemoryOperation, V5MemoryTier, V5MemoryStatus] = ["NOOP", "warm", "new"];
  const answer: V5FeedbackResponse = await client.feedbackV5("r", { selected_ids: [] } satisfies V5FeedbackRequest, call);
  console.log(stored.event_id, evidence, edges[0]?.valid_to?.length, words, answer.facts_recorded, pack.answer + pack.as_of);
}

// What must be given, and nothing else.
holds<Same<Required_<V3IngestRequest>, "user_id" | "type" | "content">>();
holds<Same<Required_<V3RecallRequest>, "user_id" | "task" | "token_budget">>();
holds<Same<Required_<V3ForgetRequest>, "user_id">>();
holds<Same<Required_<V6IngestRequest>, "user_id" | "type" | "content" | "conversation_id">>();
holds<Same<Required_<V6RecallRequest>, "user_id" | "query" | "conversation_id">>();
holds<Same<Required_<V6ForgetRequest>, "user_id">>();
holds<Same<Required_<V6FeedbackRequest>, "selected_ids">>();
holds<Same<Required_<V5IngestRequest>, "user_id" | "type" | "content">>();
holds<Same<Required_<V5RecallRequest>, "user_id" | "query">>();
holds<Same<Required_<DocumentUploadRequest>, "user_id" | "content" | "document_name" | "project_id">>();
holds<Same<Required_<DocumentListRequest>, "user_id">>();
holds<Same<Required_<CollectionCreateRequest>, "user_id" | "project_id" | "name">>();
holds<Same<Required_<CollectionListRequest>, "user_id">>();
holds<Same<Required_<CollectionAddDocumentRequest>, "document_id" | "user_id">>();

// What each method gives.
holds<Same<ReturnType<ClaivClient["ingestV3"]>, Promise<IngestResponse>>>();
holds<Same<ReturnType<ClaivClient["ingestV6"]>, Promise<IngestResponse>>>();
holds<Same<ReturnType<ClaivClient["forgetV6"]>, Promise<ForgetResponse>>>();
holds<Same<ReturnType<ClaivClient["recallV6"]>, Promise<V6RecallResponse>>>();
holds<Same<ReturnType<ClaivClient["deleteDocument"]>, Promise<DocumentDeleteResponse>>>();
holds<Same<ReturnType<ClaivClient["deleteCollection"]>, Promise<CollectionDeleteResponse>>>();
holds<Same<ReturnType<ClaivClient["addDocumentToCollection"]>, Promise<CollectionAddDocumentResponse>>>();
holds<Same<ReturnType<ClaivClient["removeDocumentFromCollection"]>, Promise<CollectionRemoveDocumentResponse>>>();

// Open in answers: what is not known yet may come.
const open: [V3MemoryBlockType] = ["n"];
export const anything: string[] = open;
// Closed, as in the types that the service publishes: an answer of ours goes wherever one of theirs is asked for.
holds<Same<DocumentStatusInfo["status"], "processing" | "ready" | "error">>();
holds<Same<DocumentUploadResponse["status"], "processing">>();
holds<Same<V6LLMContext["anchor_source"], "request" | "conversation_event" | "server_now">>();

// What the compiler must refuse.
// @ts-expect-error there is no such policy
void client.ingestV3({ ...PLAIN, retention_policy: "forever" });
// @ts-expect-error a conversation is required
void client.ingestV6({ user_id: "u", type: "message", content: "c" });
// @ts-expect-error there is no such scope
void client.ingestV6({ user_id: "u", type: "message", content: "c", conversation_id: "c", scope: "world" });
// @ts-expect-error a query, not a task
void client.recallV6({ user_id: "u", conversation_id: "c", task: "t" });
// @ts-expect-error a limit there is not
void client.recallV6({ user_id: "u", conversation_id: "c", query: "q", limits: { facts: 5 } });
// @ts-expect-error a deletion names its user
void client.forgetV6({ conversation_id: "c" });
// @ts-expect-error an id comes first
void client.feedbackV6({ selected_ids: [] });
// @ts-expect-error whose list it is
void client.listDocuments();
// @ts-expect-error whose collection it is
void client.getCollection("k");
// @ts-expect-error a project is required
void client.uploadDocument({ user_id: "u", content: "c", document_name: "n" });
