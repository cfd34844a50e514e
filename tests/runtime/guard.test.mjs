// What stands between JavaScript and an instance of the module: exports are plain functions here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createGuard } from "../../pkg-template/runtime/guard.js";
import { NO_STACK_SPACE } from "../../pkg-template/runtime/problem.js";

const boom = () => {
  throw new Error("unreachable");
};

test("exports get their long names back, and what is no function stays as it is", () => {
  const memory = {};
  const wrapped = createGuard().wrap({ a: memory, b: (x, y) => x + y }, { memory: "a", sum: "b" });
  assert.equal(wrapped.memory, memory);
  assert.equal(wrapped.sum(1, 2), 3);
});

test("an exception that comes out of an export damages the instance for good, and only this one", () => {
  const guard = createGuard();
  const other = createGuard();
  let calls = 0;
  const wrapped = guard.wrap({ boom, count: () => ++calls }, {});
  assert.equal(wrapped.count(), 1);
  assert.throws(() => wrapped.boom(8), /unreachable/);
  assert.equal(guard.damaged, true);
  assert.match(guard.cause.message, /unreachable/);
  // As if it had given nothing: no error, no object, the number 0.
  const nothing = wrapped.count();
  assert.deepEqual([nothing[0], nothing[1], nothing >>> 0, calls], [undefined, undefined, 0, 1]);
  assert.equal(other.damaged, false);
});

test("what wasm-bindgen refuses for a closure or an object that is gone damages nothing", () => {
  const guard = createGuard();
  assert.throws(() => guard.wrap({ boom }, {}).boom(0, 1), /unreachable/);
  assert.equal(guard.damaged, false);
});

test("what the glue throws, with no exception out of an export, damages nothing", () => {
  const guard = createGuard();
  const refused = { class: "ClaivError" };
  assert.throws(() => guard.enter("a", () => { throw refused; }), (thrown) => thrown === refused);
  assert.equal(guard.damaged, false);
});

test("a call during which the instance was damaged throws the guard, also where its exception was caught in between", () => {
  const guard = createGuard();
  const { caught } = guard.wrap({ boom }, {});
  assert.equal(caught, undefined);
  const { outer, inner } = guard.wrap({ inner: boom, outer: () => { try { inner(1); } catch { /* as an import that catches */ } } }, {});
  assert.throws(() => guard.enter("a", () => { outer(1); throw new Error("what came after"); }), (thrown) => thrown === guard);
  assert.equal(guard.damaged, true);
});

test("pending calls are rejected also by a call that throws at once", async () => {
  const guard = createGuard();
  const pending = guard.track(new Promise(() => {}));
  const wrapped = guard.wrap({ boom }, {});
  assert.throws(() => guard.enter("a", () => wrapped.boom(1)), (thrown) => thrown === guard);
  await assert.rejects(pending, { kind: "damaged" });
});

test("pending calls settle as they would, and are rejected once the instance is damaged", async () => {
  const guard = createGuard();
  assert.equal(await guard.track(Promise.resolve(1)), 1);
  await assert.rejects(guard.track(Promise.reject(new Error("own"))), /own/);
  const pending = [1, 2].map(() => guard.track(new Promise(() => {})));
  assert.throws(() => guard.wrap({ boom }, {}).boom(1));
  for (const one of [...pending, guard.track(new Promise(() => {}))]) {
    await assert.rejects(one, ({ kind, cause }) => kind === "damaged" && cause === guard.cause);
  }
});

test("calls near the end of the stack are not begun, also inside others", () => {
  const guard = createGuard();
  let begun = 0;
  let refused = 0;
  const dive = () => {
    try {
      dive();
    } catch {
      // Nothing, at each depth.
    }
    try {
      guard.enter("a", () => { begun++; });
    } catch (error) {
      if (error === NO_STACK_SPACE) refused++;
    }
  };
  dive();
  assert.ok(refused > 10, `${refused}`);
  assert.ok(begun > 10, `${begun}`);
  const recurse = () => guard.enter("b", recurse);
  assert.throws(recurse, (thrown) => thrown === NO_STACK_SPACE);
  assert.equal(guard.damaged, false);
  assert.equal(guard.enter("a", () => 1), 1);
});
