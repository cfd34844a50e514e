/* global test, expect, jest */
// Under Jest's fake timers; with enableGlobally they are there before the package is.
const { writeFileSync } = require("node:fs");
const { runCases } = require("./fake-timers.cjs");
const names = { ...require("claiv-memory"), ...require("claiv-memory/emulator") };

const fakes = {
  hasClock: true,
  install: () => jest.useFakeTimers(),
  uninstall: () => jest.useRealTimers(),
  advance: (ms) => jest.advanceTimersByTimeAsync(ms),
  advanceSync: (ms) => jest.advanceTimersByTime(ms),
};

test("the cases of faked timers", async () => {
  const { file } = JSON.parse(process.env.CONFORMANCE);
  const results = await runCases(names, fakes, process.env.FAKED_FIRST ? ", with enableGlobally" : "");
  writeFileSync(file, JSON.stringify(results));
  expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
}, 60_000);
