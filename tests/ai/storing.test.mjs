// What is stored of a chat, how often, and who waits for it.
import test from "node:test";
import { claivMiddleware } from "claiv-memory/ai";
import { CHAT, USER, answer, assert, driven, events, memory, parts, requestsTo, settle, storedTexts, streamOf, until, withEach } from "./support.mjs";

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

withEach(test, "an abort loses the turn (vercel/ai#6699): what was said until then is stored, wherever the stream is aborted", async (t, major) => {
  const { ai } = major;
  const words = ["One ", "two ", "three ", "four ", "five"];
  for (let count = 0; count <= words.length; count++) {
    const { emulator, options } = memory(t);
    const source = driven();
    const controller = new AbortController();
    const model = streaming(major, options, async () => ({ stream: source.stream }));
    const result = ai.streamText({ model, prompt: "Count", abortSignal: controller.signal, onError() {} });
    const reader = result.textStream.getReader();
    for (const word of words.slice(0, count)) {
      source.push(word);
      assert.equal((await reader.read()).value, word);
    }
    if (count === 0) await until(() => requestsTo(emulator, INGEST).length === 1);
    controller.abort();
    await until(() => events(emulator).length === (count ? 2 : 1));
    await settle();
    assert.deepEqual(storedTexts(emulator), ["user: Count", ...(count ? [`assistant: ${words.slice(0, count).join("")}`] : [])]);
    assert.deepEqual(events(emulator)[1]?.metadata, count ? { partial: true } : undefined);
  }
});

withEach(test, "a stream that its reader cancels is stored as far as it was read, and the model's stream is cancelled", async (t, { Model, ai }) => {
  const words = ["One ", "two ", "three"];
  for (let count = 1; count <= words.length; count++) {
    const { emulator, options } = memory(t);
    const source = driven();
    const model = ai.wrapLanguageModel({ model: new Model({ doStream: async () => ({ stream: source.stream }) }), middleware: claivMiddleware(options) });
    const { stream } = await model.doStream({ prompt: [{ role: "user", content: [{ type: "text", text: "Count" }] }] });
    const reader = stream.getReader();
    words.forEach(source.push);
    for (let at = 0; at < count;) if ((await reader.read()).value.type === "text-delta") at++;
    await reader.cancel("enough");
    await until(() => events(emulator).length === 2);
    assert.deepEqual(storedTexts(emulator), ["user: Count", `assistant: ${words.slice(0, count).join("")}`]);
    assert.ok(source.cancelled);
  }
});

withEach(test, "a stream that breaks off, or reports an error, is stored as far as it came", async (t, major) => {
  const { ai } = major;
  for (const end of [(source) => source.fail(new Error("the connection is lost")), (source) => source.put({ type: "error", error: new Error("overloaded") })]) {
    const { emulator, options } = memory(t);
    const source = driven();
    const result = ai.streamText({ model: streaming(major, options, async () => ({ stream: source.stream })), prompt: "Count", onError() {} });
    const reader = result.textStream.getReader();
    source.push("One ");
    await reader.read();
    end(source);
    await until(() => events(emulator).length === 2);
    assert.deepEqual(storedTexts(emulator), ["user: Count", "assistant: One "]);
    assert.deepEqual(events(emulator)[1].metadata, { partial: true });
  }
});

withEach(test, "the whole answer is stored where only a part of it was before", async (t, major) => {
  const { ai } = major;
  for (const turnId of [undefined, "turn-1"]) {
    const { emulator, options } = memory(t);
    const source = driven();
    const controller = new AbortController();
    const model = () => streaming(major, { ...options, turnId }, async () => ({ stream: stream.shift() }));
    const stream = [source.stream, streamOf(parts("One ", "two")), streamOf(parts("One ", "two"))];
    const reader = ai.streamText({ model: model(), prompt: "Count", abortSignal: controller.signal, onError() {} }).textStream.getReader();
    source.push("One ");
    await reader.read();
    controller.abort();
    await until(() => events(emulator).length === 2);
    for (let again = 0; again < 2; again++) await ai.streamText({ model: model(), prompt: "Count" }).consumeStream();
    await until(() => events(emulator).length === 3);
    await settle();
    assert.deepEqual(storedTexts(emulator), ["user: Count", "assistant: One ", "assistant: One two"]);
  }
});

withEach(test, "a body that is cancelled without a signal reaches nobody: the user's turn is stored all the same", async (t, major) => {
  const { ai } = major;
  const { emulator, options } = memory(t);
  const source = driven();
  const response = ai.streamText({ model: streaming(major, options, async () => ({ stream: source.stream })), prompt: "Count" }).toUIMessageStreamResponse();
  const reader = response.body.getReader();
  source.push("One ");
  await reader.read();
  await reader.cancel();
  await until(() => events(emulator).length === 1);
  assert.deepEqual(storedTexts(emulator), ["user: Count"]);
});

withEach(test, "a finished call leaves no listener on its signal", async (t, major) => {
  const { emulator, options } = memory(t);
  const { signal } = new AbortController();
  let listeners = 0;
  const count = (name, by) => { const original = signal[name]; signal[name] = (type, ...rest) => { if (type === "abort") listeners += by; return original.call(signal, type, ...rest); }; };
  const model = streaming(major, options, async () => ({ stream: streamOf(parts("Yes.")) }));
  count("addEventListener", 1);
  count("removeEventListener", -1);
  const { stream } = await model.doStream({ prompt: [{ role: "user", content: [{ type: "text", text: "Count" }] }], abortSignal: signal });
  for await (const part of stream) void part;
  await until(() => events(emulator).length === 2);
  assert.ok(listeners <= 0, `${listeners} listeners are left`);
});
