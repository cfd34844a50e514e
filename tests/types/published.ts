// What the service's own TypeScript client 0.6.4 publishes (service-client.d.ts) beside the main entry. Ours go wherever these are asked
// for, and these wherever ours are. Its unsuffixed names of V6 are ours with the suffix; claiv-memory/v6 is compared by tests/dropin/.
import type * as ours from "claiv-memory";
import type * as theirs from "./service-client.js";

/** True where each of the two can stand for the other. */
type Both<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Fits<A, B> = [A] extends [B] ? true : false;
const holds = <_T extends true>(): void => {};

// Answers: each way.
holds<Both<ours.IngestResponse, theirs.IngestResponse>>();
holds<Both<ours.V6IngestResponse, theirs.IngestResponse>>();
holds<Both<ours.V6RecallResponse, theirs.RecallResponse>>();
holds<Both<ours.V6ContextPack, theirs.RecallResponse>>();
holds<Both<ours.RecallFact, theirs.RecallFact>>();
holds<Both<ours.V6TemporalMatch, theirs.V6TemporalMatch>>();
holds<Both<ours.V6LLMContext, theirs.V6LLMContext>>();
holds<Both<ours.WorkingMemory, theirs.WorkingMemory>>();
holds<Both<ours.PendingPlan, theirs.PendingPlan>>();
holds<Both<ours.DeletionScope, theirs.DeletionScope>>();
holds<Both<ours.DocumentUploadResponse, theirs.DocumentUploadResponse>>();
holds<Both<ours.DocumentListItem, theirs.DocumentListItem>>();
holds<Both<ours.DocumentListResponse["documents"], theirs.DocumentListItem[]>>();
holds<Both<ours.CollectionRow, theirs.CollectionRow>>();
holds<Both<ours.CollectionCreateResponse["collection"], theirs.CollectionRow>>();
holds<Both<ours.CollectionListResponse["collections"], theirs.CollectionRow[]>>();
holds<Both<ours.CollectionGetResponse, theirs.CollectionGetResponse>>();

// What each method answers.
type Answer<M extends keyof ours.ClaivClient> = ours.ClaivClient[M] extends (...args: never[]) => Promise<infer T> ? T : never;
holds<Both<Answer<"ingestV6">, theirs.IngestResponse>>();
holds<Both<Answer<"recallV6">, theirs.RecallResponse>>();
holds<Both<Answer<"uploadDocument">, theirs.DocumentUploadResponse>>();
holds<Both<Answer<"deleteDocument">, { deleted: boolean; document_id: string }>>();
holds<Both<Answer<"getCollection">, theirs.CollectionGetResponse>>();
holds<Both<Answer<"deleteCollection">, { deleted: boolean; collection_id: string }>>();
holds<Both<Answer<"addDocumentToCollection">, { added: boolean; collection_id: string; document_id: string }>>();
holds<Both<Answer<"removeDocumentFromCollection">, { removed: boolean; collection_id: string; document_id: string }>>();

// Requests: what was written for the service's client goes into ours. The other way ours also take undefined where it widens nothing.
holds<Fits<theirs.IngestRequest, ours.V6IngestRequest>>();
holds<Fits<theirs.RecallRequest, ours.V6RecallRequest>>();
holds<Both<ours.V6ForgetRequest, theirs.ForgetRequest>>();
holds<Both<ours.MemoryScope, theirs.MemoryScope>>();
holds<Both<ours.EventType, theirs.EventType>>();
holds<Both<ours.EventRole, theirs.EventRole>>();

// The client's options, by the same names.
holds<Fits<theirs.ClaivClientOptions, ours.ClaivClientOptions>>();
