// A browser that ends while it starts is started again, three times at most; whatever else goes wrong is told at once.
import assert from "node:assert/strict";
import test from "node:test";
import { Failure } from "../../scripts/lib/project.mjs";
import { startWithRetries } from "../runtimes/browsers/webdriver.mjs";

/** Starts a browser that fails with each of these errors in turn, and then starts. Gives what came of it, the number of tries, and what was printed. */
async function start(t, errors) {
  const told = t.mock.method(console, "log", () => {});
  let tries = 0;
  const ends = await startWithRetries({ Failure }, "Chromium", async () => {
    const error = errors[tries++];
    if (error) throw error;
    return "a session";
  }).catch((error) => error);
  return { ends, tries, told: told.mock.calls.map(({ arguments: [line] }) => line) };
}

test("a browser that does not start is started again, and that is told", async (t) => {
  const { ends, tries, told } = await start(t, [new Failure("Chrome instance exited.\nmore")]);
  assert.deepEqual({ ends, tries }, { ends: "a session", tries: 2 });
  assert.deepEqual(told, ["     Chromium did not start, and is started again: Chrome instance exited."]);
});

test("one that never starts fails by the last reason", async (t) => {
  const { ends, tries } = await start(t, ["first", "second", "third", "fourth"].map((reason) => new Failure(reason)));
  assert.deepEqual({ message: ends.message, tries }, { message: "third", tries: 3 });
});

test("an error of the program itself is not tried again", async (t) => {
  const fault = new TypeError("not a function");
  assert.deepEqual(await start(t, [fault]), { ends: fault, tries: 1, told: [] });
});
