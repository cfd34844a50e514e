// What a user writes with the AI SDK. The same program is compiled with both of its majors; it is never run.
import { ToolLoopAgent, generateText, jsonSchema, streamText, tool, wrapLanguageModel } from "ai";
import type { LanguageModel, LanguageModelMiddleware, ModelMessage, ToolSet } from "ai";
import { ClaivClient } from "claiv-memory";
import { claivMiddleware, claivTools, remember, toPrompt, withMemory } from "claiv-memory/ai";
import type { MemoryOptions } from "claiv-memory/ai";

declare const inner: Parameters<typeof wrapLanguageModel>[0]["model"];
declare const messages: ModelMessage[];
declare function waitUntil(promise: Promise<unknown>): void;

const claiv = new ClaivClient({ apiKey: "test" });
const identity = { client: claiv, user_id: "ada", conversation_id: "chat-1" };
const options: MemoryOptions = {
  ...identity, project_id: "p", turnId: "t", store: "user", placement: "system", maxTokens: 100, recallTimeout: 500, onRecallError: "throw",
  waitUntil, onError: (error) => console.error(error), template: (fenced, pack) => `${pack.answer_facts.length}${fenced}`,
};

export const middleware: LanguageModelMiddleware = claivMiddleware(options);
export const model: LanguageModel = wrapLanguageModel({ model: inner, middleware: claivMiddleware(identity) });
wrapLanguageModel({ model: inner, middleware: [claivMiddleware(identity), middleware] });

export const tools: ToolSet = claivTools(identity);
const two = claivTools(identity);
two.remember.description.toUpperCase();
// @ts-expect-error a model forgets only where it may
two.forget_memory;
const one = claivTools({ ...identity, allow: ["forget"] });
one.forget_memory.execute({ from_time: "2026-01-01" });
// @ts-expect-error it may not recall
one.recall_memory;
// @ts-expect-error there is no such ability
claivTools({ ...identity, allow: ["delete"] });
// @ts-expect-error no identity, no memory
claivMiddleware({ client: claiv, conversation_id: "chat-1" });
// @ts-expect-error no identity, no memory
claivTools({ client: claiv, user_id: "ada" });

export async function program(signal: AbortSignal) {
  const agent = new ToolLoopAgent({ model, tools: { ...two, look: tool({ inputSchema: jsonSchema<{ at: string }>({ type: "object" }), execute: async ({ at }) => at }) } });
  await agent.generate({ prompt: "Hello", abortSignal: signal });
  const { toolCalls } = await generateText({ model, messages, tools: two });
  for (const call of toolCalls) if (!call.dynamic && call.toolName === "remember") call.input.content.toUpperCase();
  streamText({ model, messages, abortSignal: signal }).toUIMessageStreamResponse();
  toPrompt(await claiv.recallV6({ user_id: "ada", conversation_id: "chat-1", query: "x" }), { maxTokens: 5 }).length;
  const plain: { role: "user" | "assistant"; content: string }[] = [{ role: "user", content: "Hello" }];
  const sent: typeof plain = await withMemory(plain, { ...options, signal });
  await remember({ ...options, messages: plain, role: "assistant", content: "Hi." });
  // As OpenAI's Responses API has them: not every item is a message.
  const items: ({ role: "user"; content: string } | { type: "function_call_output"; call_id: string; output: string })[] = [{ role: "user", content: "Hello" }];
  const input: typeof items = await withMemory(items, identity);
  const stored = await remember({ ...identity, turnId: "t", role: "assistant", content: null });
  return [stored?.event_id, sent, input];
}
