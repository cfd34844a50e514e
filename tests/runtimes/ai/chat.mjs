// Chats by the AI SDK with a memory, in whatever runtime this is loaded; mock models, and the emulator in the same process.
import { claivMiddleware, claivTools, remember, toPrompt, withMemory } from "claiv-memory/ai";
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";
import * as six from "ai-6";
import { MockLanguageModelV3 } from "ai-6/test";
import * as seven from "ai-7";
import { MockLanguageModelV4 } from "ai-7/test";

const MAJORS = { 6: { ai: six, Model: MockLanguageModelV3 }, 7: { ai: seven, Model: MockLanguageModelV4 } };

const USAGE = { inputTokens: { total: 1, noCache: 1 }, outputTokens: { total: 1, text: 1 } };
const finish = (unified) => ({ finishReason: { unified, raw: unified }, usage: USAGE });
const START = [{ type: "stream-start", warnings: [] }, { type: "text-start", id: "1" }];
const word = (delta) => ({ type: "text-delta", id: "1", delta });
const spoken = (...words) => [...START, ...words.map(word), { type: "text-end", id: "1" }, { type: "finish", ...finish("stop") }];
const streamOf = (parts) => new ReadableStream({ start(controller) { for (const part of parts) controller.enqueue(part); controller.close(); } });

function same(actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(actual)}\nis not\n${JSON.stringify(expected)}`);
}

async function until(look) {
  for (let tries = 0; tries < 2000; tries++) {
    if (look()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`it did not come to: ${look}`);
}

async function setUp() {
  const emulator = new ClaivEmulator();
  const client = new ClaivClient({ apiKey: "test", fetch: emulator.fetch });
  await client.ingestV6({ user_id: "ada", conversation_id: "earlier", type: "message", role: "user", content: "I prefer window seats" });
  const storedTexts = () => JSON.parse(emulator.exportState()).events.slice(1).map(({ role, content }) => `${role}: ${content}`);
  const identity = { client, user_id: "ada", conversation_id: "chat" };
  return { emulator, storedTexts, identity, options: { ...identity, onError(error) { throw error; } } };
}

const lastTexts = ({ prompt }) => prompt.findLast(({ role }) => role === "user").content.map(({ text }) => text);

const CASES = {
  async "a streamed answer: recalled once, fenced, and both sides stored"({ ai, Model }) {
    const { storedTexts, options } = await setUp();
    const waiting = [];
    const inner = new Model({ doStream: async () => ({ stream: streamOf(spoken("A window ", "seat.")) }) });
    const model = ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, waitUntil: (promise) => waiting.push(promise) }) });
    const response = ai.streamText({ model, prompt: "Which seat do I prefer?" }).toTextStreamResponse();
    same(await response.text(), "A window seat.");
    await Promise.all(waiting);
    same(storedTexts(), ["user: Which seat do I prefer?", "assistant: A window seat."]);
    const [recalled, own] = lastTexts(inner.doStreamCalls[0]);
    if (!/data, not instructions[^]*I prefer window seats/.test(recalled)) throw new Error(recalled);
    same(own, "Which seat do I prefer?");
  },

  async "an aborted answer is stored as far as it was said"({ ai, Model }) {
    const { storedTexts, options } = await setUp();
    const stop = new AbortController();
    let source;
    const stream = new ReadableStream({ start(controller) { source = controller; START.forEach((part) => controller.enqueue(part)); } });
    const model = ai.wrapLanguageModel({ model: new Model({ doStream: async () => ({ stream }) }), middleware: claivMiddleware(options) });
    const reader = ai.streamText({ model, prompt: "Count", abortSignal: stop.signal, onError() {} }).textStream.getReader();
    source.enqueue(word("One "));
    same((await reader.read()).value, "One ");
    stop.abort();
    await until(() => storedTexts().length === 2);
    same(storedTexts(), ["user: Count", "assistant: One "]);
  },

  async "an agent with tools: one recall, and each step stored once"({ ai, Model }) {
    const { emulator, storedTexts, identity, options } = await setUp();
    const call = { type: "tool-call", toolCallId: "call-1", toolName: "remember", input: JSON.stringify({ content: "Ada flies on Monday" }) };
    const steps = [{ content: [{ type: "text", text: "I note it." }, call], warnings: [], ...finish("tool-calls") }, { content: [{ type: "text", text: "Done." }], warnings: [], ...finish("stop") }];
    const model = ai.wrapLanguageModel({ model: new Model({ doGenerate: async () => steps.shift() }), middleware: claivMiddleware(options) });
    await new ai.ToolLoopAgent({ model, tools: claivTools(identity) }).generate({ prompt: "I fly on Monday" });
    await until(() => storedTexts().length === 4);
    same(storedTexts().sort(), ["assistant: Ada flies on Monday", "assistant: Done.", "assistant: I note it.", "user: I fly on Monday"]);
    same(emulator.requests.filter(({ path }) => path === "/v6/recall").length, 1);
  },

  async "an outage lets the chat go on"({ ai, Model }) {
    const { emulator, options } = await setUp();
    emulator.addFault({ drop: true, times: Infinity });
    const errors = [];
    const inner = new Model({ doGenerate: async () => ({ content: [{ type: "text", text: "Hello." }], warnings: [], ...finish("stop") }) });
    const model = ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, recallTimeout: 50, onError: (error) => errors.push(error.name) }) });
    same((await ai.generateText({ model, prompt: "Hello?" })).text, "Hello.");
    if (!/^Claiv/.test(errors[0])) throw new Error(errors);
  },

  async "plain messages, with the same keys as the middleware"({ ai, Model }) {
    const { storedTexts, options } = await setUp();
    const messages = [{ role: "user", content: "Which seat do I prefer?" }];
    const sent = await withMemory(messages, options);
    if (!sent[0].content.includes("I prefer window seats")) throw new Error(sent[0].content);
    await remember({ ...options, messages, role: "assistant", content: "A window seat." });
    const inner = new Model({ doGenerate: async () => ({ content: [{ type: "text", text: "A window seat." }], warnings: [], ...finish("stop") }) });
    const waiting = [];
    await ai.generateText({ model: ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, waitUntil: (promise) => waiting.push(promise) }) }), messages });
    await until(() => waiting.length === 2);
    same((await Promise.all(waiting)).map(({ deduped }) => deduped), [true, true]);
    same(storedTexts(), ["user: Which seat do I prefer?", "assistant: A window seat."]);
  },

  async "a context pack as text"() {
    const { identity: { client, ...ids } } = await setUp();
    const text = toPrompt(await client.recallV6({ ...ids, query: "Which seat?" }), { maxTokens: 200 });
    if (!text.includes("I prefer window seats")) throw new Error(text);
  },
};

/** Runs them all with both majors, and gives the results as the matrix takes them. */
export async function chat() {
  const results = [];
  for (const [major, one] of Object.entries(MAJORS)) {
    for (const [name, work] of Object.entries(CASES)) {
      const began = Date.now();
      const message = await work(one).then(() => undefined, (error) => error?.stack ?? String(error));
      results.push({ group: `ai ${major}`, name, outcome: message ? "failed" : "passed", message, ms: Date.now() - began });
    }
  }
  return results;
}
