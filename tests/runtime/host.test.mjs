// Timers and microtasks as the module gets them, whatever a test or a page makes of the host's.
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { clearTimeout, queueMicrotask, setTimeout } from "../../pkg-template/runtime/host.js";

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, queueMicrotask: globalThis.queueMicrotask, then: Promise.prototype.then };
const broken = () => {
  throw new Error("a fake");
};

afterEach(() => {
  const { then, ...globals } = real;
  Object.assign(globalThis, globals);
  Promise.prototype.then = then;
});

const microtask = () => new Promise((resolve) => queueMicrotask(resolve));

test("a microtask runs in a turn of its own, before any timer", async () => {
  const order = [];
  setTimeout(() => order.push("timer"), 0);
  queueMicrotask(() => order.push("microtask"));
  order.push("here");
  await sleep(5);
  assert.deepEqual(order, ["here", "microtask", "timer"]);
});

for (const [what, fake] of [["missing", undefined], ["throws", broken], ["calls nobody", () => {}]]) {
  test(`microtasks run where the global ${what}`, async () => {
    globalThis.queueMicrotask = fake;
    await microtask();
  });
}

test("microtasks run where Promise.prototype.then throws", async () => {
  let ran = false;
  Promise.prototype.then = broken;
  queueMicrotask(() => { ran = true; });
  Promise.prototype.then = real.then;
  await sleep(0);
  assert.ok(ran);
});

test("a callback that throws is heard of by nobody", async () => {
  const uncaught = [];
  const listen = (error) => uncaught.push(error);
  process.on("unhandledRejection", listen).on("uncaughtException", listen);
  queueMicrotask(broken);
  setTimeout(broken, 0);
  await sleep(10);
  process.off("unhandledRejection", listen).off("uncaughtException", listen);
  assert.deepEqual(uncaught, []);
});

test("fake timers are used where a test has installed some, and a timer is stopped by those that started it", (t) => {
  let fired = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const stopped = setTimeout(() => fired++, 60_000);
  setTimeout(() => fired++, 60_000);
  globalThis.clearTimeout = broken;
  clearTimeout(stopped);
  mock.timers.tick(60_000);
  assert.equal(fired, 1);
});

for (const [what, fake] of [["missing", undefined], ["throws", broken]]) {
  test(`the real timers are used where the global ${what}`, async () => {
    globalThis.setTimeout = fake;
    globalThis.clearTimeout = fake;
    let fired = false;
    const stopped = setTimeout(() => { fired = true; }, 1);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
      clearTimeout(stopped);
    });
    assert.equal(fired, false);
  });
}

test("stopping what is no timer throws nothing", () => {
  for (const timer of [undefined, null, 7, {}]) assert.equal(clearTimeout(timer), undefined);
});

test("a timer that fires near the end of the stack does its work a moment later", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let fired = 0;
  const count = 50;
  for (let i = 1; i <= count; i++) setTimeout(() => fired++, i);
  const dive = () => {
    try {
      dive();
    } catch {
      // Nothing, at each depth.
    }
    try {
      if (fired < count) mock.timers.tick(1);
    } catch {
      // The clock itself had no room.
    }
  };
  dive();
  mock.timers.tick(count);
  mock.timers.reset();
  await microtask();
  assert.equal(fired, count);
});
