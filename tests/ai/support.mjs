// Both majors of the AI SDK, models that say what a test tells them to, and a memory behind them.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";
import { tools } from "../../scripts/runtimes/install.mjs";

/** Where the packages of tests/ai/package.json are installed. */
export const modules = await tools("tests/ai");
const require = createRequire(join(modules, "x.js"));
const load = (name) => import(pathToFileURL(require.resolve(name)));

/** `{ major, ai, Model }` for each major; Model is its mock, of the specification that is its own. */
export const MAJORS = [
  { major: 6, ai: await load("ai-6"), Model: (await load("ai-6/test")).MockLanguageModelV3 },
  { major: 7, ai: await load("ai-7"), Model: (await load("ai-7/test")).MockLanguageModelV4 },
];

/** The same test with each major. */
export function withEach(test, name, work) {
  for (const one of MAJORS) test(`ai ${one.major}: ${name}`, (t) => work(t, one));
}

export const USER = "ada";
export const CHAT = "chat-1";

/** An emulator and a client of it, which waits for nothing when it retries. */
export function memory(t, options = {}) {
  const emulator = new ClaivEmulator({ logLimit: 10_000 });
  const claiv = new ClaivClient({ apiKey: "test", fetch: emulator.fetch, ...options });
  t.after(() => claiv.close());
  const errors = [];
  return { emulator, claiv, errors, options: { client: claiv, user_id: USER, conversation_id: CHAT, onError: (error) => errors.push(error) } };
}

/** What is stored, in the order in which it was. */
export const events = (emulator) => JSON.parse(emulator.exportState()).events;
export const storedTexts = (emulator) => events(emulator).map(({ role, content }) => `${role}: ${content}`);

/** The requests to an endpoint. */
export const requestsTo = (emulator, path) => emulator.requests.filter((one) => one.path === path);

/** Waits until `look` gives something true. Ends by the time limit of the test. */
export async function until(look) {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A moment in which all that is ready is done. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

const USAGE = { inputTokens: { total: 1, noCache: 1 }, outputTokens: { total: 1, text: 1 } };
const finish = (unified) => ({ finishReason: { unified, raw: unified }, usage: USAGE });

/** The answer of a model that is not streamed: texts and calls of tools, `[name, input]`. */
export function answer(...parts) {
  const content = parts.map((part, i) => typeof part === "string" ? { type: "text", text: part } : call(part, i));
  return { content, warnings: [], ...finish(content.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop") };
}

const call = ([toolName, input], i) => ({ type: "tool-call", toolCallId: `call-${toolName}-${i}`, toolName, input: JSON.stringify(input) });

const delta = (text) => ({ type: "text-delta", id: "1", delta: text });
const START = [{ type: "stream-start", warnings: [] }, { type: "text-start", id: "1" }];
const END = [{ type: "text-end", id: "1" }];

/** The parts of a streamed answer. */
export const parts = (...pieces) => {
  const texts = pieces.filter((piece) => typeof piece === "string");
  const calls = pieces.filter((piece) => typeof piece !== "string").map(call);
  return [...(texts.length > 0 ? [...START, ...texts.map(delta), ...END] : START.slice(0, 1)), ...calls, { type: "finish", ...finish(calls.length > 0 ? "tool-calls" : "stop") }];
};

export const streamOf = (all) => new ReadableStream({ start(controller) { for (const part of all) controller.enqueue(part); controller.close(); } });

/** A stream that a test controls: `push` sends the next text, `end` and `fail` end it. */
export function driven() {
  let controller;
  let cancelled = false;
  const stream = new ReadableStream({ start(given) { controller = given; }, cancel() { cancelled = true; } });
  const put = (part) => { if (!cancelled) controller.enqueue(part); };
  START.forEach(put);
  return {
    stream,
    push: (text) => put(delta(text)),
    end() { [...END, { type: "finish", ...finish("stop") }].forEach(put); if (!cancelled) controller.close(); },
    fail: (error) => controller.error(error),
    put,
    get cancelled() { return cancelled; },
  };
}

/** The text of the user's last message as a model was given it. */
export const lastUserText = ({ prompt }) => prompt.findLast(({ role }) => role === "user").content.map(({ text }) => text);

export { assert };
