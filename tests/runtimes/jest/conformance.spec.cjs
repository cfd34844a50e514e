/* global test, expect */
// Jest requires what it tests; the suite comes as one CommonJS file.
const { writeFileSync } = require("node:fs");
const { inspect } = require("node:util");
const { conform, watch } = require("./conformance.cjs");

const imported = watch();
const client = require("claiv-memory");
const v6 = require("claiv-memory/v6");
let emulator;
const without = { cors: "no origin, so no preflight: Jest is no browser", using: "the test runner is given no file with `using` in it" };
try {
  emulator = require("claiv-memory/emulator");
} catch (error) {
  without.emulator = `the emulator could not be loaded: ${error.message}`;
}
imported.stop();
if (typeof fetch !== "function") without.http = "jsdom in Jest has no fetch";
if (typeof Request !== "function") without.emulator ??= "jsdom in Jest has no Request, no Response and no Headers";

test("the conformance suite", async () => {
  const { urls, file } = JSON.parse(process.env.CONFORMANCE);
  const results = await conform({ client, v6, emulator, imported, urls, without, inspect: (value) => inspect(value, { showHidden: true, depth: 10 }) });
  writeFileSync(file, JSON.stringify(results));
  expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
}, 200_000);
