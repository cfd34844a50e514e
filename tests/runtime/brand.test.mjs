// The public class that brand.js makes, over the class of a made-up module: which objects reach that class, and what becomes of its errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { load, things } from "./load.mjs";

class PublicError extends Error {}

async function setUp(options = {}) {
  const made = [];
  const runtime = await load(things(made));
  runtime.provide(() => ({}));
  const toPublic = (message, { kind, cause }) => Object.assign(new PublicError(message, { cause }), { kind });
  const branded = runtime.brand({
    name: "Thing", isSync: (key) => key === "close", restores: true,
    toError: ({ message }) => new PublicError(message), toProblem: toPublic, ...options,
  });
  return { ...branded, Thing: branded.Class, runtime, made };
}

test("it has the core's methods and getters, and not what belongs to wasm-bindgen", async () => {
  const { Thing } = await setUp();
  assert.deepEqual(Object.getOwnPropertyNames(Thing.prototype).sort(), ["boom", "close", "constructor", "crash", "echo", "name", "wait"]);
  assert.deepEqual(Object.keys(Thing.prototype), []);
  assert.deepEqual([Thing.name, Thing.prototype.echo.name], ["Thing", "echo"]);
  const thing = new Thing({ name: "a" });
  assert.deepEqual([await thing.echo("tea"), thing.close(), thing.name], ["a: tea", "closed", "a"]);
});

test("what is printed, spread and counted has nothing of the core", async () => {
  const { Thing } = await setUp();
  class Sub extends Thing {}
  assert.equal(inspect(new Thing({ name: "secret" })), "Thing {}");
  assert.ok(!inspect(new Thing({ name: "secret" }), { showHidden: true, depth: 9 }).includes("secret"));
  assert.equal(inspect(new Sub()), "Sub {}");
  assert.deepEqual(Reflect.ownKeys(new Thing()), []);
});

test("copies, proxies and methods without their object: methods reject, what is synchronous throws", async () => {
  const { Thing } = await setUp();
  const thing = new Thing({ name: "a" });
  const methods = Object.getOwnPropertyDescriptors(Thing.prototype);
  const copies = {
    "an object with its prototype": Object.create(Thing.prototype),
    "an object that inherits from it": Object.create(thing),
    "a changed prototype": Object.setPrototypeOf({}, Thing.prototype),
    "a copy with its properties": Object.assign(Object.create(Object.getPrototypeOf(thing)), thing),
    "a spread copy": { ...thing },
    "a proxy": new Proxy(thing, {}),
    "nothing": undefined,
    "a number": 7,
  };
  for (const [what, copy] of Object.entries(copies)) {
    const isWrongThis = ({ constructor, kind, message }) => constructor === PublicError && kind === "wrongThis" && /Call it on the object that was made with new/.test(message);
    await assert.rejects(methods.echo.value.call(copy, "tea"), isWrongThis, what);
    assert.throws(() => methods.close.value.call(copy), isWrongThis, what);
    assert.throws(() => methods.name.get.call(copy), isWrongThis, what);
  }
});

test("subclasses have their own constructor and the methods", async () => {
  const { Thing } = await setUp();
  class Sub extends Thing {
    constructor(name) {
      super({ name });
    }

    async echo(word) {
      return `${await super.echo(word)}!`;
    }
  }
  const sub = new Sub("b");
  assert.ok(sub instanceof Thing);
  assert.equal(await sub.echo("tea"), "b: tea!");
});

test("a static method makes objects of the subclass that it is called on", async () => {
  const { Thing, callStatic } = await setUp();
  Thing.fromName = function (name) {
    return new this(callStatic("fromName", ({ named }) => named(name)));
  };
  class Sub extends Thing {}
  const sub = Sub.fromName("c");
  assert.ok(sub instanceof Sub);
  assert.equal(await sub.echo("tea"), "c: tea");
  assert.throws(() => Sub.fromName(""), { constructor: PublicError, message: "a name is missing" });
});

test("an error has the frames of who called", async () => {
  const { Thing } = await setUp();
  const thing = new Thing();
  async function whoAsked() {
    await thing.echo();
  }
  await assert.rejects(whoAsked(), ({ constructor, stack }) => constructor === PublicError && /at async whoAsked/.test(stack));
  function whoMade() {
    return new Thing({ refuse: true });
  }
  assert.throws(whoMade, ({ constructor, stack }) => constructor === PublicError && /at whoMade/.test(stack));
});

test("a damaged instance: the call and all pending ones reject, the next ones go to a core made anew", async () => {
  const { Thing, made } = await setUp();
  const [thing, other] = [new Thing({ name: "a" }), new Thing({ name: "b" })];
  const damaged = ({ constructor, kind, cause }) => constructor === PublicError && kind === "damaged" && cause instanceof WebAssembly.RuntimeError;
  const pending = assert.rejects(other.wait(), damaged);
  await assert.rejects(thing.crash(), damaged);
  await pending;
  assert.equal(made.length, 2);
  assert.deepEqual([await other.echo("tea"), await thing.echo("tea")], ["b: tea", "a: tea"]);
  assert.equal(made.length, 4);
  assert.notEqual(made[2].constructor, made[0].constructor, "nothing is shared with the damaged instance");
});

test("what cannot be made anew says so, and a new one works", async () => {
  const { Thing } = await setUp({ restores: false });
  const thing = new Thing({ name: "a" });
  await assert.rejects(thing.crash(), { kind: "damaged" });
  await assert.rejects(thing.echo("tea"), { kind: "lost" });
  assert.throws(() => thing.name, { kind: "lost" });
  assert.equal(await new Thing({ name: "c" }).echo("tea"), "c: tea");
});

test("what is released says so, and is released once", async () => {
  const { Thing, release, made } = await setUp({ isSync: () => true });
  const thing = new Thing();
  release(thing);
  release(thing);
  assert.equal(made[0].freed, true);
  assert.throws(() => thing.close(), { kind: "disposed" });
  assert.throws(() => release({}), { kind: "wrongThis" });
});

test("what users throw is not looked into", async () => {
  const { Thing } = await setUp({ toError: (thrown) => thrown });
  const odd = new Proxy({}, { get: () => assert.fail("it was looked into") });
  assert.ok(await new Thing().wait(odd).then(() => false, (thrown) => thrown === odd));
});
