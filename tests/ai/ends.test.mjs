// How an answer ends: by an abort, a cancelled stream, an error. What is stored of it then.
import test from "node:test";
import { claivMiddleware } from "claiv-memory/ai";
import { assert, driven, events, memory, parts, requestsTo, settle, storedTexts, streamOf, until, withEach } from "./support.mjs";

const INGEST = "/v6/ingest";
const streaming = ({ ai, Model }, options, doStream) => ai.wrapLanguageModel({ model: new Model({ doStream }), middleware: claivMiddleware(options) });

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

withEach(test, "a provider that could not read one chunk reports an error and goes on: what comes after it is stored as well", async (t, major) => {
  const { ai } = major;
  const { emulator, options } = memory(t);
  const [start, begin, one, two, ...end] = parts("One ", "two");
  const stream = streamOf([start, begin, one, { type: "error", error: new Error("this chunk is no JSON") }, two, ...end]);
  const result = ai.streamText({ model: streaming(major, options, async () => ({ stream })), prompt: "Count", onError() {} });
  let text = "";
  for await (const piece of result.textStream) text += piece;
  assert.equal(text, "One two");
  await until(() => events(emulator).length === 3);
  await settle();
  assert.deepEqual(storedTexts(emulator), ["user: Count", "assistant: One ", "assistant: One two"]);
  for (const { metadata } of events(emulator).slice(1)) assert.deepEqual(metadata, { partial: true });
});

withEach(test, "an abort or a cancelled stream before the first part: the user's words alone are stored", async (t, major) => {
  for (const stop of ["cancel", "abort", "abort before the stream is there"]) {
    const { emulator, options } = memory(t);
    const source = driven();
    const controller = new AbortController();
    const model = streaming(major, options, async () => { if (stop.includes("before")) controller.abort(); return { stream: source.stream }; });
    const { stream } = await model.doStream({ prompt: [{ role: "user", content: [{ type: "text", text: "Count" }] }], abortSignal: controller.signal });
    if (stop === "abort") controller.abort();
    await stream.cancel("enough");
    await until(() => events(emulator).length === 1);
    await settle();
    assert.deepEqual(storedTexts(emulator), ["user: Count"], stop);
    assert.ok(source.cancelled);
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
