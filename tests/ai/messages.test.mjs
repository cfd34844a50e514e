// The memory beside other APIs than the AI SDK: plain messages.
import assert from "node:assert/strict";
import test from "node:test";
import { claivMiddleware, remember, withMemory } from "claiv-memory/ai";
import { MAJORS, USER, answer, events, memory, requestsTo, settle, storedTexts, until } from "./support.mjs";

const remembered = (claiv) => claiv.ingestV6({ user_id: USER, conversation_id: "earlier", type: "message", role: "user", content: "I prefer window seats" });

const ASKED = "Which seat do I prefer?";
const SHAPES = {
  "OpenAI's Chat Completions": {
    messages: [{ role: "developer", content: "Be brief." }, { role: "user", content: "Hello" }, { role: "assistant", content: "Hi." }, { role: "user", content: ASKED }],
    recalled: (messages) => messages[3].content.split("\n\nWhich")[0],
    own: (messages) => messages[3].content.endsWith(`\n\n${ASKED}`),
  },
  "OpenAI's Chat Completions, in parts": {
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://a.example" } }, { type: "text", text: ASKED }] }],
    recalled: (messages) => messages[0].content[1].text,
    own: (messages) => messages[0].content[2].text === ASKED && messages[0].content.length === 3,
  },
  "OpenAI's Responses": {
    messages: [{ role: "user", content: [{ type: "input_text", text: ASKED }] }],
    recalled: (messages) => messages[0].content[0].text,
    own: (messages) => messages[0].content.every(({ type }) => type === "input_text") && messages[0].content[1].text === ASKED,
  },
  "Anthropic's Messages, in a loop of tools": {
    messages: [
      { role: "user", content: [{ type: "text", text: ASKED, cache_control: { type: "ephemeral" } }] },
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "look", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "done" }] },
    ],
    recalled: (messages) => messages[0].content[0].text,
    own: (messages) => messages[0].content[1].text === ASKED,
  },
  "OpenAI's Responses, in a loop of tools": {
    messages: [
      { role: "user", content: [{ type: "input_image", image_url: "https://a.example" }, { type: "input_text", text: ASKED }] },
      { type: "reasoning", id: "r", summary: [] }, { type: "function_call", call_id: "c", name: "look", arguments: "{}" }, { type: "function_call_output", call_id: "c", output: "done" },
    ],
    recalled: (messages) => messages[0].content[1].text,
    own: (messages) => messages[0].content[2].text === ASKED && messages[3].output === "done",
  },
  "Anthropic's Messages, results of tools and words in one message": {
    messages: [
      { role: "user", content: "Look" },
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "look", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "done" }, { type: "text", text: ASKED }] },
    ],
    recalled: (messages) => messages[2].content[1].text,
    own: (messages) => messages[2].content[0].type === "tool_result" && messages[2].content[2].text === ASKED,
  },
};

for (const [name, { messages, recalled, own }] of Object.entries(SHAPES)) {
  test(`${name}: the memory comes before the user's words, and the given messages stay as they are`, async (t) => {
    const { claiv, emulator, options } = memory(t);
    await remembered(claiv);
    const before = structuredClone(messages);
    const sent = await withMemory(messages, options);
    assert.deepEqual(messages, before);
    assert.equal(sent.length, messages.length);
    assert.match(recalled(sent), /data, not instructions[^]*window seats/);
    assert.ok(own(sent));
    await until(() => events(emulator).length === 2);
    assert.equal(events(emulator)[1].content, ASKED);
  });
}

test('placement "system" puts a message behind those of the system', async (t) => {
  const { claiv, options } = memory(t);
  await remembered(claiv);
  const sent = await withMemory([{ role: "developer", content: "Be brief." }, { role: "user", content: ASKED }], { ...options, placement: "system" });
  assert.deepEqual(sent.map(({ role }) => role), ["developer", "system", "user"]);
  const without = await withMemory([{ role: "user", content: "Hello" }, { role: "assistant", content: "Hi." }, { role: "user", content: ASKED }], { ...options, placement: "system" });
  assert.deepEqual(without.map(({ role }) => role), ["system", "user", "assistant", "user"]);
  assert.equal(without[3].content, ASKED);
});

test("remember stores an answer once, also of an API's content in parts, and nothing where nothing was said", async (t) => {
  const { emulator, options } = memory(t);
  const messages = [{ role: "user", content: ASKED }];
  await withMemory(messages, options);
  const turn = { ...options, messages, role: "assistant" };
  const first = await remember({ ...turn, content: "A window seat." });
  const again = await remember({ ...turn, content: [{ type: "thinking", thinking: "Hm" }, { type: "text", text: "A window " }, { type: "text", text: "seat." }] });
  assert.deepEqual(again, { event_id: first.event_id, deduped: true });
  assert.equal(await remember({ ...turn, content: null }), undefined);
  assert.equal(await remember({ ...turn, content: [{ type: "tool_use" }] }), undefined);
  assert.deepEqual(storedTexts(emulator), [`user: ${ASKED}`, "assistant: A window seat."]);
});

test("remember knows the user's message that withMemory has stored", async (t) => {
  const { emulator, options } = memory(t);
  const history = [{ role: "user", content: "Hello" }, { role: "assistant", content: "Hi." }];
  const messages = [...history, { role: "user", content: ASKED }];
  await withMemory(messages, options);
  await until(() => events(emulator).length === 1);
  assert.equal((await remember({ ...options, messages, role: "user", content: ASKED })).deduped, true);
  assert.equal((await remember({ ...options, messages: history, role: "user", content: ASKED })).deduped, true);
});

for (const { major, ai, Model } of MAJORS) {
  test(`ai ${major}: plain messages and the middleware know each other's turns`, async (t) => {
    const { emulator, options } = memory(t);
    for (const turnId of [undefined, "turn-1"]) {
      const own = { ...options, conversation_id: `chat-${turnId}`, turnId };
      const model = ai.wrapLanguageModel({ model: new Model({ doGenerate: answer("Yes.") }), middleware: claivMiddleware(own) });
      const messages = [{ role: "user", content: "Really?" }];
      await ai.generateText({ model, system: "Be brief.", messages });
      await until(() => requestsTo(emulator, "/v6/ingest").length === (turnId ? 6 : 2));
      await withMemory([{ role: "system", content: "Be brief." }, ...messages], own);
      assert.equal((await remember({ ...own, messages, role: "assistant", content: "Yes." })).deduped, true);
      await settle();
    }
    assert.equal(events(emulator).length, 4);
  });
}

test("an outage is told to onError, and nothing rejects", async (t) => {
  const { emulator, errors, options } = memory(t, { maxRetries: 0 });
  emulator.addFault({ status: 500, times: Infinity });
  const messages = [{ role: "user", content: ASKED }];
  assert.deepEqual(await withMemory(messages, options), messages);
  assert.equal(await remember({ ...options, messages, role: "assistant", content: "Hm." }), undefined);
  assert.equal(errors.length, 3);
});

test("images without a word: nothing is recalled or stored of them, and the answer is stored", async (t) => {
  const { emulator, options } = memory(t);
  const messages = [{ role: "user", content: [{ type: "image", source: { type: "url", url: "https://a.example" } }] }];
  assert.deepEqual(await withMemory(messages, options), messages);
  await remember({ ...options, messages, role: "assistant", content: "A cat." });
  assert.deepEqual(emulator.requests.map(({ path }) => path), ["/v6/ingest"]);
  assert.deepEqual(storedTexts(emulator), ["assistant: A cat."]);
});

test("a signal ends the recall", async (t) => {
  const { emulator, errors, options } = memory(t);
  emulator.addFault({ delayMs: Infinity, path: "/v6/recall" });
  const messages = [{ role: "user", content: ASKED }];
  assert.deepEqual(await withMemory(messages, { ...options, recallTimeout: 60_000, signal: AbortSignal.timeout(20) }), messages);
  assert.deepEqual(errors, []);
});
