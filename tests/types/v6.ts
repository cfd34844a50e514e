// claiv-memory/v6: V6's shapes under the plain names, V1's under theirs, and the same classes as the main entry.
import { ClaivApiError as MainApiError, ClaivClient as MainClient } from "claiv-memory";
import type * as main from "claiv-memory";
import {
  ClaivApiError, ClaivClient, ClaivError, ClaivNetworkError, ClaivRateLimitError, ClaivTimeoutError, type ContextPack, type ForgetRequest, type IngestRequest,
  type RecallFact, type RecallRequest, type RecallResponse, type V1IngestRequest, type V6LLMContext,
} from "claiv-memory/v6";

const claiv = new ClaivClient({ apiKey: "k", fetch: globalThis.fetch, timeout: 1 });

export const event: IngestRequest = { user_id: "u", conversation_id: "c", type: "message", content: "hello", scope: "project", event_time: 1769860800 };
export const question: RecallRequest = { user_id: "u", conversation_id: "c", query: "Who?", reference_time: null, limits: { answer_facts: 3 } };
export const limits: ForgetRequest = { user_id: "u", project_id: "p" };
export const old: V1IngestRequest = { user_id: "u", type: "message", content: "hello", thread_id: "t" };

export async function use(): Promise<string> {
  const { deduped } = await claiv.ingest(event, { timeout: 5 });
  const pack: RecallResponse = await claiv.recall(question);
  const same: ContextPack = await claiv.recallV6(question);
  const context: V6LLMContext = pack.llm_context;
  const fact: RecallFact | undefined = same.answer_facts[0];
  await claiv.feedback("r", { selected_ids: context.fact_ids });
  await claiv.forget(limits);
  for (const result of await claiv.ingestMany([event], { concurrency: 2 })) if (result.status === "fulfilled") console.log(result.value.event_id);
  await claiv.ingestV1(old);
  const { memory_blocks } = await claiv.recallV1({ user_id: "u", task: "t", token_budget: 500 });
  await claiv.forgetV1({ user_id: "u", thread_id: "t" });
  for await (const { document_name } of claiv.documents({ user_id: "u" })) console.log(document_name);
  return `${deduped} ${context.text} ${fact?.object_text} ${memory_blocks.length}`;
}

// V1's fields do not pass for V6's, nor the other way round.
// @ts-expect-error conversation_id is missing
claiv.ingest(old).catch(() => {});
// @ts-expect-error query and conversation_id are missing
claiv.recall({ user_id: "u", task: "t", token_budget: 500 }).catch(() => {});
// @ts-expect-error V1's recall takes no query
claiv.recallV1(question).catch(() => {});
// @ts-expect-error the main entry's ingest takes V1's fields only
export const mixed: main.IngestRequest = event;
new MainClient({ apiKey: "k" }).ingestV1(old).catch(() => {});

// Errors narrow by the classes of either entry, and are made both ways.
export function describe(error: unknown): string | number | undefined {
  if (error instanceof ClaivRateLimitError) return error.retryAfterMs;
  if (error instanceof ClaivApiError) return error.code;
  if (error instanceof MainApiError) return error.requestId;
  if (error instanceof ClaivTimeoutError) return error.timeoutMs;
  return error instanceof ClaivError ? error.message : undefined;
}
export const made: main.ClaivApiError = new ClaivApiError(429, { error: { code: "quota_exceeded", message: "No more.", request_id: "r" } });
export const errors: ClaivError[] = [made, new ClaivApiError("No.", { status: 400 }), new ClaivTimeoutError(5), new ClaivTimeoutError("Late."), new ClaivNetworkError(new Error("x"))];
// @ts-expect-error a status alone says too little
export const odd = new ClaivApiError(429);

/** Subclasses override methods as methods. */
export class Mine extends ClaivClient {
  override ingest(request: IngestRequest, options?: main.CallOptions): Promise<main.IngestResponse> {
    return super.ingest({ ...request, project_id: "p" }, options);
  }

  override recallV2(request: main.V2RecallRequest): Promise<main.V2RecallResponse> {
    return super.recallV2(request);
  }
}
export const mine: ClaivClient = Mine.fromEnv({ CLAIV_API_KEY: "k" });
