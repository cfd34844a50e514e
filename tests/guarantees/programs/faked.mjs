// The cases of tests/runtimes/fake-timers under the timers of @sinonjs/fake-timers.
//   node faked.mjs <first|later> <what is faked, as JSON>      whether they are faked before the package is imported, as with Jest's enableGlobally
import { createRequire } from "node:module";
import { runCases } from "../../runtimes/fake-timers/cases.mjs";

const { install: fake } = createRequire(import.meta.url)("@sinonjs/fake-timers");
const [, , when, list] = process.argv;
const toFake = JSON.parse(list);
const { stdout } = process;

// A clock that is asked to clear a real timer says so on the console.
console.warn = () => {};

let clock;
const fakes = {
  hasClock: toFake.includes("setTimeout"),
  hostReads: !toFake.includes("queueMicrotask"),
  install() { clock ??= fake({ toFake, ignoreMissingTimers: true }); },
  uninstall() { clock?.uninstall(); clock = undefined; },
  advance: (ms) => clock.tickAsync(ms),
  advanceSync: (ms) => clock.tick(ms),
};
if (when === "first") fakes.install();
const names = { ...(await import("claiv-memory")), ...(await import("claiv-memory/emulator")) };
const results = await runCases(names, fakes);
stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
