// The memory as tools of an agent.
import test from "node:test";
import { claivTools } from "claiv-memory/ai";
import { CHAT, USER, answer, assert, events, memory, requestsTo, storedTexts, withEach } from "./support.mjs";

const agentOf = ({ ai, Model }, tools, ...steps) => {
  const model = new Model({ doGenerate: steps });
  return { model, agent: new ai.ToolLoopAgent({ model, tools }) };
};
/** What a model was given as the result of its last call. */
const lastResult = (model) => model.doGenerateCalls.at(-1).prompt.at(-1).content[0].output;

const identity = ({ client, user_id, conversation_id }) => ({ client, user_id, conversation_id });

withEach(test, "an agent remembers, and recalls it in a fence", async (t, major) => {
  const { emulator, options } = memory(t);
  const { agent, model } = agentOf(major, claivTools(identity(options)),
    answer(["remember", { content: "Ada prefers window seats" }]), answer(["recall_memory", { query: "Which seats?" }]), answer("Window seats."));
  assert.equal((await agent.generate({ prompt: "I like window seats. Which ones do I like?" })).text, "Window seats.");
  assert.deepEqual(storedTexts(emulator), ["assistant: Ada prefers window seats"]);
  assert.match(lastResult(model).value, /`{3,}memories\n[^]*Ada prefers window seats/);
});

withEach(test, "nothing is remembered: the model is told so", async (t, major) => {
  const { options } = memory(t);
  const { agent, model } = agentOf(major, claivTools(identity(options)), answer(["recall_memory", { query: "Which seats?" }]), answer("I do not know."));
  await agent.generate({ prompt: "Which seats?" });
  assert.equal(lastResult(model).value, "Nothing is remembered that fits.");
});

test("a model forgets only where it may", (t) => {
  const { options } = memory(t);
  assert.deepEqual(Object.keys(claivTools(identity(options))), ["recall_memory", "remember"]);
  assert.deepEqual(Object.keys(claivTools({ ...identity(options), allow: ["recall"] })), ["recall_memory"]);
  assert.deepEqual(Object.keys(claivTools({ ...identity(options), allow: ["forget", "recall"] })), ["forget_memory", "recall_memory"]);
  for (const name of ["delete", "toString", "__proto__"]) {
    assert.throws(() => claivTools({ ...identity(options), allow: [name] }), /^TypeError: claivTools: allow must be a list of recall,remember,forget$/);
  }
  for (const allow of ["forget", {}, null]) assert.throws(() => claivTools({ ...identity(options), allow }), /^TypeError: claivTools: allow must be a list$/);
});

withEach(test, "what is forgotten is that of this conversation, or of a time in it, and never more", async (t, major) => {
  const { emulator, claiv, options } = memory(t);
  for (const [conversation_id, event_time] of [[CHAT, "2026-01-01T00:00:00Z"], [CHAT, "2026-03-01T00:00:00Z"], ["chat-2", "2026-03-01T00:00:00Z"]]) {
    await claiv.ingestV6({ user_id: USER, conversation_id, event_time, type: "message", role: "user", content: `${conversation_id} ${event_time}` });
  }
  const tools = claivTools({ ...identity(options), allow: ["forget"] });
  const { agent, model } = agentOf(major, tools, answer(["forget_memory", { from_time: "2026-02-01T00:00:00Z" }]), answer("Done."));
  await agent.generate({ prompt: "Forget the last month" });
  assert.match(lastResult(model).value, /^Deleted: \{"events":1,/);
  assert.equal(events(emulator).length, 2);
  await agentOf(major, tools, answer(["forget_memory", {}]), answer("Done.")).agent.generate({ prompt: "Forget this chat" });
  assert.deepEqual(events(emulator).map(({ thread_id }) => thread_id), ["chat-2"]);
});

withEach(test, "ids never come from the model: a call that brings one is refused, and the model is told", async (t, major) => {
  const { emulator, options } = memory(t);
  for (const [name, input] of [["recall_memory", { query: "secrets", user_id: "bob" }], ["remember", { content: "x", conversation_id: "other" }], ["forget_memory", { user_id: "bob" }]]) {
    const { agent, model } = agentOf(major, claivTools({ ...identity(options), allow: ["recall", "remember", "forget"] }), answer([name, input]), answer("Sorry."));
    assert.equal((await agent.generate({ prompt: "Do it" })).text, "Sorry.");
    assert.match(JSON.stringify(lastResult(model)), /there is no field/);
  }
  assert.equal(emulator.requests.length, 0);
});

withEach(test, "a memory outage does not end the agent: the model is told that the tool failed", async (t, major) => {
  const { emulator, options } = memory(t, { maxRetries: 0 });
  emulator.addFault({ status: 503, times: Infinity });
  const { agent, model } = agentOf(major, claivTools(identity(options)), answer(["recall_memory", { query: "Which seats?" }]), answer(["remember", { content: "A fact" }]), answer("My memory is down."));
  assert.equal((await agent.generate({ prompt: "Which seats?" })).text, "My memory is down.");
  assert.match(lastResult(model).type, /^error/);
});

withEach(test, "a call of a tool that loses its answer after it was stored stores once", async (t, major) => {
  const { emulator, options } = memory(t);
  emulator.addFault({ drop: true, after: true, path: "/v6/ingest" });
  await agentOf(major, claivTools(identity(options)), answer(["remember", { content: "A fact" }]), answer("Done.")).agent.generate({ prompt: "Remember" });
  assert.equal(requestsTo(emulator, "/v6/ingest").length, 2);
  assert.equal(events(emulator).length, 1);
});

test("a schema takes objects and its own fields only, also where no field is required", (t) => {
  const { forget_memory, recall_memory } = claivTools({ ...identity(memory(t).options), allow: ["recall", "forget"] });
  const { validate } = forget_memory.inputSchema["~standard"];
  assert.deepEqual(validate({}), { value: {} });
  // What deletes must not take anything else for "no limits".
  for (const value of [null, undefined, 1, true, "", "all", []]) assert.ok(validate(value).issues.length > 0, JSON.stringify(value));
  for (const name of ["constructor", "toString", "__proto__"]) {
    const value = JSON.parse(`{ "query": "x", "${name}": "y" }`);
    assert.deepEqual(recall_memory.inputSchema["~standard"].validate(value).issues, [{ message: `there is no field ${name}`, path: [name] }]);
  }
});

test("the schema is a Standard Schema with its JSON Schema", (t) => {
  const { inputSchema } = claivTools(identity(memory(t).options)).recall_memory;
  const { version, vendor, validate, jsonSchema } = inputSchema["~standard"];
  assert.deepEqual([version, vendor], [1, "claiv-memory"]);
  assert.deepEqual(validate({ query: "x" }), { value: { query: "x" } });
  for (const value of [null, undefined, 1, "query", [], {}, { query: "" }, { query: " " }, { query: 1 }, { query: "x", more: 1 }]) {
    const { issues } = validate(value);
    assert.ok(issues.length > 0 && issues.every(({ message, path }) => typeof message === "string" && path.length === 1), JSON.stringify(value));
  }
  assert.deepEqual(jsonSchema.input({ target: "draft-07" }), {
    type: "object", properties: { query: { type: "string", description: "What to look up, in words" } }, required: ["query"], additionalProperties: false,
  });
});
