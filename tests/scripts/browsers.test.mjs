// A browser that ends while it starts is started again, three times at most; whatever else goes wrong is told at once.
import assert from "node:assert/strict";
import test from "node:test";
import { Failure } from "../../scripts/lib/project.mjs";
import { started } from "../runtimes/browsers/webdriver.mjs";

/** Starts what fails with the errors given, one each time, and then starts: what came of it, and how often it was tried. */
async function start(t, errors) {
  const told = t.mock.method(console, "log", () => {});
  let tries = 0;
  const ends = await started({ Failure }, "Chromium", async () => {
    if (errors[tries++]) throw errors[tries - 1];
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
