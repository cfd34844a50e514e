// What is refused before anything is recalled or stored.
import assert from "node:assert/strict";
import test from "node:test";
import { claivMiddleware, claivTools, remember, withMemory } from "claiv-memory/ai";
import { memory } from "./support.mjs";

const MESSAGES = [{ role: "user", content: "Hello" }];
const WAYS = {
  claivMiddleware: async (options) => claivMiddleware(options),
  claivTools: async ({ onError: _, ...options }) => claivTools(options),
  withMemory: (options) => withMemory(MESSAGES, options),
  remember: (options) => remember({ messages: MESSAGES, role: "assistant", content: "Hi.", ...options }),
};

for (const [name, call] of Object.entries(WAYS)) {
  test(`no identity, no memory: ${name} refuses a user_id or conversation_id that is missing or empty`, async (t) => {
    const { emulator, options } = memory(t);
    for (const field of ["user_id", "conversation_id"]) {
      for (const value of [undefined, "", "  ", null, 42]) {
        await assert.rejects(call({ ...options, [field]: value }), { name: "TypeError", message: `${name}: ${field} must be a text that is not empty` });
      }
    }
    assert.equal(emulator.requests.length, 0);
  });

  test(`${name} names an option that it does not know, and which one is probably meant`, async (t) => {
    const { options } = memory(t);
    const { user_id, ...others } = options;
    await assert.rejects(call({ ...others, userId: user_id }), { name: "TypeError", message: `${name}: there is no option userId; is user_id meant?` });
    await assert.rejects(call({ ...options, temperature: 1 }), { name: "TypeError", message: `${name}: there is no option temperature` });
  });
}

test("each option must be of its kind", (t) => {
  const { options } = memory(t);
  for (const [more, message] of [
    [{ client: undefined }, "client must be an object"],
    [{ project_id: "" }, "project_id must be a text that is not empty"],
    [{ turnId: 1 }, "turnId must be a text that is not empty"],
    [{ store: "all" }, "store must be one of both,user,never"],
    [{ placement: "first" }, "placement must be one of last-user,system"],
    [{ maxTokens: 0 }, "maxTokens must be a finite number above 0"],
    [{ recallTimeout: "2s" }, "recallTimeout must be a finite number above 0"],
    [{ recallTimeout: NaN }, "recallTimeout must be a finite number above 0"],
    [{ recallTimeout: Infinity }, "recallTimeout must be a finite number above 0"],
    [{ onRecallError: "ignore" }, "onRecallError must be one of continue,throw"],
    [{ waitUntil: true }, "waitUntil must be a function"],
    [{ onError: null }, "onError must be a function"],
    [{ template: "x" }, "template must be a function"],
  ]) assert.throws(() => claivMiddleware({ ...options, ...more }), { name: "TypeError", message: `claivMiddleware: ${message}` });
});

test("messages must be a list", async (t) => {
  const { emulator, options } = memory(t);
  for (const messages of [undefined, null, "Hello", { role: "user", content: "Hello" }]) {
    await assert.rejects(withMemory(messages, options), { name: "TypeError", message: "withMemory: messages must be a list" });
    if (messages !== undefined) await assert.rejects(remember({ ...options, messages, turnId: "t", role: "assistant", content: "Hi." }), { name: "TypeError", message: "remember: messages must be a list" });
  }
  assert.equal(emulator.requests.length, 0);
});

test("remember must be told which turn it is, and who spoke", async (t) => {
  const { options } = memory(t);
  await assert.rejects(remember({ ...options, role: "assistant", content: "Hi." }), { message: "remember: turnId or messages must be given" });
  await assert.rejects(remember({ ...options, turnId: "t", content: "Hi." }), { message: "remember: role must be one of user,assistant" });
  await assert.rejects(remember({ ...options, turnId: "t", role: "system", content: "Hi." }), { message: "remember: role must be one of user,assistant" });
});
