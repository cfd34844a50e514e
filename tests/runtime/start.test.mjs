// Starting the module: importing never throws; making an object does, with the reason.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, things } from "./load.mjs";

const THING = { name: "Thing", isSync: () => false };

test("a module that cannot be compiled: the class is whole, and its constructor names cause and remedy", async () => {
  const { brand, provide } = await load(things());
  const cause = new Error("buffer size is larger than 4KB");
  provide(() => { throw cause; });
  const { Class: Thing } = brand(THING);
  assert.ok("echo" in Thing.prototype);
  for (let i = 0; i < 2; i++) {
    assert.throws(() => new Thing(), (error) => error.cause === cause
      && /WebAssembly/.test(error.message) && /larger than 4KB/.test(error.message) && /wasm-unsafe-eval/.test(error.message) && /Worker/.test(error.message));
  }
});

test("a module that cannot be started is tried again, and compiled once", async () => {
  let tries = 0;
  let compiled = 0;
  const create = things();
  const { brand, provide } = await load((module, guard) => {
    if (module && ++tries < 3) throw new RangeError("out of memory");
    create(module, guard);
  });
  provide(() => ({ compiled: ++compiled }));
  const { Class: Thing } = brand(THING);
  assert.throws(() => new Thing(), /out of memory/);
  assert.equal(await new Thing({ name: "a" }).echo("tea"), "a: tea");
  assert.deepEqual([tries, compiled], [3, 1]);
});

test("it is started while it is provided, so that no call waits for it", async () => {
  let started = 0;
  const { provide, live } = await load((module, guard) => { started++; guard.glue = {}; });
  provide(() => ({}));
  assert.equal(started, 1);
  assert.equal(live(), live());
  assert.equal(started, 1);
});
