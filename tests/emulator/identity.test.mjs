// Copies of an emulator do not work, and what happens when its WebAssembly module fails.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { ClaivEmulator } from "claiv-memory/emulator";
import { BASE, start } from "./helpers.mjs";

const STRANGER = { constructor: Error, message: /^This is no ClaivEmulator, but a copy/ };

/** JavaScript code that throws where the module does not expect it: while a method runs, and in the middle of a request. */
class BrokenDate extends Date {
  getTime() {
    throw new Error("no time");
  }
}
const brokenRequest = { url: `${BASE}/healthz`, method: "GET", get headers() { throw new Error("no headers"); } };

test("copies, proxies and unbound methods throw an error that says what to do", () => {
  const emulator = new ClaivEmulator();
  const { reset } = emulator;
  const copies = [
    Object.create(ClaivEmulator.prototype), Object.create(emulator), Object.setPrototypeOf({ ...emulator }, ClaivEmulator.prototype),
    Object.assign(Object.create(ClaivEmulator.prototype), emulator), new Proxy(emulator, {}),
  ];
  for (const copy of copies) {
    assert.throws(() => copy.reset(), STRANGER);
    assert.throws(() => copy.time, STRANGER);
    assert.throws(() => copy.fetch, STRANGER);
  }
  assert.throws(() => reset(), STRANGER);
  assert.throws(() => structuredClone(emulator).reset(), TypeError);
});

test("inspect prints the name of the class or subclass", () => {
  class Sub extends ClaivEmulator {}
  assert.deepEqual([inspect(new ClaivEmulator({ apiKeys: ["secret"] })), inspect(new Sub())], ["ClaivEmulator {}", "Sub {}"]);
  assert.deepEqual(Reflect.ownKeys(new ClaivEmulator()), []);
});

test("a subclass works", async () => {
  class Sub extends ClaivEmulator {
    get first() {
      return this.requests[0];
    }
  }
  const sub = new Sub();
  await sub.fetch(`${BASE}/healthz`);
  assert.equal(sub.first.path, "/healthz");
});

test("a disposed emulator throws, and its fetch still works", async (t) => {
  if (!Symbol.dispose) return t.skip("this host has no Symbol.dispose");
  const emulator = new ClaivEmulator();
  const { fetch } = emulator;
  emulator[Symbol.dispose]();
  emulator[Symbol.dispose]();
  assert.throws(() => emulator.reset(), { message: "This ClaivEmulator was disposed of." });
  assert.equal((await fetch(`${BASE}/healthz`)).status, 200);
});

test("errors of options are thrown unchanged", () => {
  assert.throws(() => new ClaivEmulator({ unknown: 1 }), { name: "TypeError", message: /options\.unknown is unknown/ });
  assert.throws(() => new ClaivEmulator().setTime("never"), TypeError);
});

for (const [when, damage] of [
  ["in a method", (emulator) => assert.throws(() => emulator.setTime(new BrokenDate()), { message: /^The WebAssembly module of ClaivEmulator failed/ })],
  ["in the middle of a request", (emulator) => assert.rejects(emulator.fetch(brokenRequest), { message: /^The WebAssembly module of ClaivEmulator failed/ })],
]) {
  test(`its module fails ${when}: pending requests reject, the emulator says that its memory is lost, and a new one works`, async () => {
    const { emulator } = start();
    emulator.addFault({ delay: Infinity });
    const pending = assert.rejects(emulator.fetch(`${BASE}/healthz`), { constructor: Error, message: /failed during this call/ });
    await damage(emulator);
    await pending;
    const lost = { constructor: Error, message: /^This ClaivEmulator lost its memory when its WebAssembly module failed. Make a new one \(no (?:time|headers)\)\.$/ };
    assert.throws(() => emulator.reset(), lost);
    await assert.rejects(emulator.fetch(`${BASE}/healthz`), lost);
    assert.equal((await new ClaivEmulator().fetch(`${BASE}/healthz`)).status, 200);
  });
}

test("after ten thousand calls near the end of the stack a new emulator works", async () => {
  const promises = [];
  let emulator = new ClaivEmulator();
  const act = (i) => {
    if (i % 3 === 0) promises.push(emulator.fetch(`${BASE}/healthz`));
    else if (i % 3 === 1) emulator.addFault({ path: "/nowhere", status: 503 });
    else emulator = new ClaivEmulator();
  };
  let calls = 0;
  let failed = 0;
  for (let end = 500; calls < 10_000; end += 500) {
    const dive = () => {
      try {
        dive();
      } catch {
        // The stack overflowed: goes on at each depth.
      }
      if (calls >= end) return;
      try {
        act(calls++);
      } catch {
        failed++;
      }
    };
    dive();
  }
  assert.ok(failed > 1000, `${failed}`);
  await Promise.allSettled(promises);
  assert.equal((await new ClaivEmulator().fetch(`${BASE}/healthz`)).status, 200);
});
