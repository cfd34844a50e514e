// Under Vitest's fake timers: those it fakes by itself, and all there are.
import { writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import * as client from "claiv-memory";
import * as emulator from "claiv-memory/emulator";
import { runCases } from "./cases.mjs";

const ALL = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "queueMicrotask", "nextTick", "performance", "hrtime", "Date"];

const fakes = (config) => ({
  hasClock: true,
  hostReads: config === undefined,
  install: () => vi.useFakeTimers(config),
  uninstall: () => vi.useRealTimers(),
  advance: (ms) => vi.advanceTimersByTimeAsync(ms),
  advanceSync: (ms) => vi.advanceTimersByTime(ms),
});

const names = { ...client, ...emulator };

test("the cases of faked timers", async () => {
  const { file } = JSON.parse(process.env.CONFORMANCE);
  const results = [...await runCases(names, fakes()), ...await runCases(names, fakes({ toFake: ALL }), ", with microtasks and performance")];
  writeFileSync(file, JSON.stringify(results));
  expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
}, 60_000);
