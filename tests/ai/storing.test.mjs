// What is stored of a chat, how often, and who waits for it.
import test from "node:test";
import { claivMiddleware } from "claiv-memory/ai";
import { CHAT, USER, answer, assert, events, memory, parts, requestsTo, settle, storedTexts, streamOf, until, withEach } from "./support.mjs";

const INGEST = "/v6/ingest";
const streaming = ({ ai, Model }, options, doStream) => ai.wrapLanguageModel({ model: new Model({ doStream }), middleware: claivMiddleware(options) });
const asTool = (ai) => ai.tool({ inputSchema: ai.jsonSchema({ type: "object" }), execute: async () => "done" });

withEach(test, "both sides of a turn are stored, the question before the answer", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t);
  const model = ai.wrapLanguageModel({ model: new Model({ doGenerate: answer("A window ", "seat.") }), middleware: claivMiddleware({ ...options, project_id: "p" }) });
  await ai.generateText({ model, prompt: "Which seat?" });
  await until(() => events(emulator).length === 2);
  assert.deepEqual(storedTexts(emulator), ["user: Which seat?", "assistant: A window seat."]);
  for (const event of events(emulator)) {
    assert.deepEqual([event.user_id, event.thread_id, event.type], [USER, CHAT, "message"]);
    assert.match(event.idempotency_key, /^ai-[0-9a-f]{32}$/);
  }
  for (const { body } of requestsTo(emulator, INGEST)) assert.equal(body.project_id, "p");
});

withEach(test, "the user's turn is on its way before the model is called, whatever the recall does", async (t, { ai, Model }) => {
  for (const fault of [undefined, { drop: true, times: Infinity }]) {
    const { emulator, options } = memory(t, { maxRetries: 0 });
    if (fault) emulator.addFault({ ...fault, path: "/v6/recall" });
    const order = [];
    const client = { ...options.client, recallV6: (...args) => options.client.recallV6(...args), ingestV6: (request) => { order.push(request.role); return options.client.ingestV6(request); } };
    const inner = new Model({ doGenerate: async () => { order.push("model"); return answer("Yes."); } });
    await ai.generateText({ model: ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, client }) }), prompt: "Hello?" });
    await until(() => events(emulator).length === 2);
    assert.deepEqual(order, ["user", "model", "assistant"]);
  }
});

withEach(test, "tool loops store the same turn at each step: everything that was said is stored once", async (t, major) => {
  const { ai, Model } = major;
  for (const turnId of [undefined, "turn-1"]) {
    const { emulator, options } = memory(t);
    const steps = [parts("Let me look. ", ["look", { at: 1 }]), parts(["look", { at: 2 }]), parts("Once more. ", ["look", { at: 3 }]), parts("Found it.")];
    const model = ai.wrapLanguageModel({ model: new Model({ doStream: async () => ({ stream: streamOf(steps.shift()) }) }), middleware: claivMiddleware({ ...options, turnId }) });
    const result = await new ai.ToolLoopAgent({ model, tools: { look: asTool(ai) } }).stream({ prompt: "Find it" });
    await result.consumeStream();
    await until(() => events(emulator).length === 4);
    await settle();
    assert.deepEqual(storedTexts(emulator), ["user: Find it", "assistant: Let me look. ", "assistant: Once more. ", "assistant: Found it."]);
    assert.equal(requestsTo(emulator, INGEST).length, 4);
  }
});

withEach(test, "a turn that is sent twice, also from another process, is stored once", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t);
  for (const turnId of [undefined, "turn-1"]) {
    for (let process = 0; process < 3; process++) {
      const inner = new Model({ doGenerate: answer("Fine.") });
      await ai.generateText({ model: ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, conversation_id: `chat-${turnId}`, turnId }) }), prompt: "How are you?" });
    }
  }
  await until(() => requestsTo(emulator, INGEST).filter(({ status }) => status).length === 12);
  assert.deepEqual(storedTexts(emulator), ["user: How are you?", "assistant: Fine.", "user: How are you?", "assistant: Fine."]);
});

withEach(test, "the same words in another place, conversation, or of another user are another turn", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t);
  const send = async (more, messages) => {
    const inner = new Model({ doGenerate: answer("Yes.") });
    await ai.generateText({ model: ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, ...more }) }), messages });
  };
  const first = [{ role: "user", content: "Really?" }];
  const second = [...first, { role: "assistant", content: "Yes." }, { role: "user", content: "Really?" }];
  await send({}, first);
  await send({}, second);
  await send({ conversation_id: "chat-2" }, first);
  await send({ user_id: "bob" }, first);
  await until(() => events(emulator).length === 8);
  assert.equal(new Set(events(emulator).map((one) => one.idempotency_key)).size, 8);
});

withEach(test, "an ingest that loses its answer after it was stored, or meets a 429 or a 500, stores once", async (t, { ai, Model }) => {
  for (const fault of [{ drop: true, after: true }, { drop: true }, { status: 429, retryAfterSeconds: 0 }, { status: 503, headers: { "retry-after-ms": "1" } }, { drop: true, truncate: true }]) {
    const { emulator, errors, options } = memory(t);
    emulator.addFault({ ...fault, path: INGEST, times: 2 });
    await ai.generateText({ model: ai.wrapLanguageModel({ model: new Model({ doGenerate: answer("Yes.") }), middleware: claivMiddleware(options) }), prompt: "Hello?" });
    await until(() => events(emulator).length === 2);
    await settle();
    assert.deepEqual(storedTexts(emulator), ["user: Hello?", "assistant: Yes."], JSON.stringify(fault));
    assert.deepEqual(errors, []);
  }
});

withEach(test, "an ingest that never answers: the stream ends when the model does", async (t, major) => {
  const { ai } = major;
  const { emulator, options } = memory(t);
  emulator.addFault({ delayMs: Infinity, path: INGEST, times: Infinity });
  const waiting = [];
  const result = ai.streamText({ model: streaming(major, { ...options, waitUntil: (promise) => waiting.push(promise) }, async () => ({ stream: streamOf(parts("One ", "two")) })), prompt: "Count" });
  // With an ingest that takes for ever, whatever waited for it would not end either.
  let text = "";
  for await (const piece of result.textStream) text += piece;
  assert.equal(text, "One two");
  assert.equal(await result.text, "One two");
  assert.equal(waiting.length, 2);
});

withEach(test, "an ingest of 3 s delays neither the stream nor its end, and is stored all the same", async (t, major) => {
  const { ai } = major;
  const { emulator, options } = memory(t);
  emulator.addFault({ delayMs: 3000, path: INGEST, times: Infinity });
  const waiting = [];
  const model = streaming(major, { ...options, waitUntil: (promise) => waiting.push(promise) }, async () => ({ stream: streamOf(parts("One ", "two")) }));
  assert.equal(await ai.streamText({ model, prompt: "Count" }).text, "One two");
  assert.deepEqual(events(emulator), []);
  await Promise.all(waiting);
  assert.deepEqual(storedTexts(emulator), ["user: Count", "assistant: One two"]);
});

withEach(test, "a save that is not awaited is lost on serverless (supermemory#1276): waitUntil takes all that is in flight, and its promises never reject", async (t, major) => {
  const { ai } = major;
  for (const failing of [false, true]) {
    const { emulator, errors, options } = memory(t, { maxRetries: 0 });
    if (failing) emulator.addFault({ status: 500, path: INGEST, times: Infinity });
    const waiting = [];
    const model = streaming(major, { ...options, waitUntil: (promise) => waiting.push(promise) }, async () => ({ stream: streamOf(parts("Fine.")) }));
    const result = ai.streamText({ model, prompt: "How are you?" });
    await result.consumeStream();
    await Promise.all(waiting);
    assert.equal(waiting.length, 2);
    assert.deepEqual(storedTexts(emulator), failing ? [] : ["user: How are you?", "assistant: Fine."]);
    assert.equal(errors.length, failing ? 2 : 0);
  }
});

withEach(test, "a waitUntil or onError that throws does not end the chat", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t);
  emulator.addFault({ status: 500, path: "/v6/recall", times: Infinity });
  const broken = () => { throw new TypeError("Illegal invocation"); };
  const model = ai.wrapLanguageModel({ model: new Model({ doGenerate: answer("Yes.") }), middleware: claivMiddleware({ ...options, waitUntil: broken, onError: broken }) });
  assert.equal((await ai.generateText({ model, prompt: "Hello?" })).text, "Yes.");
  await until(() => events(emulator).length === 2);
});

withEach(test, "a waitUntil or onError that rejects ends nothing either", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t, { maxRetries: 0 });
  emulator.addFault({ status: 500, times: Infinity });
  let told = 0;
  // A rejection that nobody handles would end the process, and this test.
  const onError = async () => { told++; throw new Error("the log is down too"); };
  const waitUntil = async () => { throw new Error("there is no request"); };
  const model = ai.wrapLanguageModel({ model: new Model({ doGenerate: answer("Yes.") }), middleware: claivMiddleware({ ...options, onError, waitUntil }) });
  assert.equal((await ai.generateText({ model, prompt: "Hello?" })).text, "Yes.");
  // Of the recall, of two events, and of two calls of waitUntil.
  await until(() => told === 5);
  await settle();
});

withEach(test, "onError is told once of an event, however many steps of a loop meet its failure", async (t, { ai, Model }) => {
  const { errors, options } = memory(t);
  let fail;
  const failure = new Promise((_, reject) => { fail = () => reject(new Error("down")); });
  const client = { recallV6: (...args) => options.client.recallV6(...args), ingestV6: () => failure };
  const inner = new Model({ doGenerate: [answer(["look", {}]), answer(["look", {}]), answer("Yes.")] });
  const agent = new ai.ToolLoopAgent({ model: ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware({ ...options, client }) }), tools: { look: asTool(ai) } });
  assert.equal((await agent.generate({ prompt: "Hello?" })).text, "Yes.");
  fail();
  await settle();
  // That of the user's message, and that of the answer.
  assert.equal(errors.length, 2);
});

withEach(test, "a failed ingest is tried again where the turn comes again", async (t, { ai, Model }) => {
  const { emulator, errors, options } = memory(t, { maxRetries: 0 });
  emulator.addFault({ status: 500, path: INGEST });
  const inner = new Model({ doGenerate: [answer(["look", {}]), answer("Yes.")] });
  const agent = new ai.ToolLoopAgent({ model: ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware(options) }), tools: { look: ai.tool({ inputSchema: ai.jsonSchema({ type: "object" }), execute: async () => { await settle(); return "done"; } }) } });
  await agent.generate({ prompt: "Hello?" });
  await until(() => events(emulator).length === 2);
  assert.deepEqual(storedTexts(emulator), ["user: Hello?", "assistant: Yes."]);
  assert.equal(errors.length, 1);
});

for (const [store, expected] of [["user", ["user: Hello?"]], ["never", []]]) {
  withEach(test, `store: "${store}" stores ${expected.length ? "the user's message alone" : "nothing, and still recalls"}`, async (t, { ai, Model }) => {
    const { emulator, options } = memory(t);
    await ai.generateText({ model: ai.wrapLanguageModel({ model: new Model({ doGenerate: answer("Yes.") }), middleware: claivMiddleware({ ...options, store }) }), prompt: "Hello?" });
    await settle();
    assert.deepEqual(storedTexts(emulator), expected);
    assert.equal(requestsTo(emulator, "/v6/recall").length, 1);
  });
}

withEach(test, "a message that is edited and an answer that is made anew, as useChat sends them, are stored beside the former ones", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t);
  const send = async (said, messages) => {
    const model = ai.wrapLanguageModel({ model: new Model({ doGenerate: answer(said) }), middleware: claivMiddleware(options) });
    await ai.generateText({ model, messages });
  };
  const first = [{ role: "user", content: "Which seat?" }];
  const history = [...first, { role: "assistant", content: "An aisle seat." }];
  await send("An aisle seat.", first);
  await send("Surely.", [...history, { role: "user", content: "Really?" }]);
  await send("I am not sure.", [...history, { role: "user", content: "Really?" }]);
  await send("A window seat.", [{ role: "user", content: "Which seat, by day?" }]);
  await until(() => events(emulator).length === 7);
  await settle();
  assert.deepEqual(storedTexts(emulator).sort(), [
    "assistant: A window seat.", "assistant: An aisle seat.", "assistant: I am not sure.", "assistant: Surely.",
    "user: Really?", "user: Which seat, by day?", "user: Which seat?",
  ]);
});

withEach(test, "several calls of tools at once, and results that come with another request: each step is stored once", async (t, { ai, Model }) => {
  const { emulator, options } = memory(t);
  const user = { role: "user", content: "Compare them" };
  const inner = new Model({ doGenerate: [answer("I look at both. ", ["look", { at: 1 }], ["look", { at: 2 }]), answer("The first is better.")] });
  // A tool without execute: the call goes to the page, which answers with a request of its own, as useChat does.
  const look = ai.tool({ inputSchema: ai.jsonSchema({ type: "object" }) });
  const model = () => ai.wrapLanguageModel({ model: inner, middleware: claivMiddleware(options) });
  const { response: { messages }, toolCalls } = await ai.generateText({ model: model(), messages: [user], tools: { look } });
  assert.equal(toolCalls.length, 2);
  const results = toolCalls.map(({ toolCallId, toolName }) => ({ type: "tool-result", toolCallId, toolName, output: { type: "text", value: "seen" } }));
  await ai.generateText({ model: model(), messages: [user, ...messages, { role: "tool", content: results }], tools: { look } });
  await until(() => events(emulator).length === 3);
  await settle();
  assert.deepEqual(storedTexts(emulator), ["user: Compare them", "assistant: I look at both. ", "assistant: The first is better."]);
});
