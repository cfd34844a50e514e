import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ENTRIES, folder, inModule, inNode } from "./installed.mjs";

const hooks = join(dirname(fileURLToPath(import.meta.url)), "wasm-hooks.mjs");
const [major, minor] = process.versions.node.split(".").map(Number);
const permission = major > 22 || (major === 22 && minor >= 13) ? "--permission" : "--experimental-permission";

for (const { specifier, file, exported } of ENTRIES) {
  const name = JSON.stringify(specifier);
  const importNames = (from, ...flags) =>
    inModule(`console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(from)}))))`, ...flags);

  test(`${specifier}: import, require, workerd and edge-light export the same names`, async () => {
    const names = await importNames(specifier);
    assert.ok(names.includes(exported));
    assert.deepEqual(names.filter((one) => one.startsWith("__") || one === "default"), [], "the glue's own names are not for users");
    assert.deepEqual((await inNode(`console.log(JSON.stringify(Object.keys(require(${name}))))`)).sort(), names);
    for (const runtime of ["workerd", "edge-light"]) {
      const url = pathToFileURL(join(folder, "dist", `${file}.${runtime}.js`)).href;
      assert.deepEqual(await importNames(url, "--import", hooks), names, runtime);
    }
  });

  test(`${specifier}: named imports of the CommonJS build work`, async () => {
    const url = pathToFileURL(join(folder, "dist", `${file}.cjs`)).href;
    const found = await inModule(`import { ${exported} } from ${JSON.stringify(url)}; console.log(JSON.stringify(${exported}.name))`);
    assert.equal(found, exported);
  });

  for (const [kind, run, load] of [["import", inModule, `await import(${name})`], ["require", inNode, `require(${name})`]]) {
    test(`${specifier}: ${kind} leaves globalThis as it was`, async () => {
      const changed = await run(`
        // Node makes many of its globals when they are first asked for.
        for (const key of Reflect.ownKeys(globalThis)) void globalThis[key];
        const shape = () => [globalThis, Object, Array, Promise, Error, Symbol, Function, String, WebAssembly]
          .flatMap((one) => [one, one.prototype])
          .filter(Boolean)
          .map((one) => Object.entries(Object.getOwnPropertyDescriptors(one)).concat(
            Object.getOwnPropertySymbols(one).map((symbol) => [symbol, Object.getOwnPropertyDescriptor(one, symbol)])));
        const before = shape();
        ${load};
        const after = shape();
        const changed = [];
        before.forEach((was, i) => {
          const is = new Map(after[i]);
          if (is.size !== was.length) changed.push("count");
          for (const [key, { value, get, set }] of was) {
            const now = is.get(key);
            if (!now || !Object.is(now.value, value) || now.get !== get || now.set !== set) changed.push(String(key));
          }
        });
        console.log(JSON.stringify(changed));`);
      assert.deepEqual(changed, []);
    });
  }

  test(`${specifier}: importing starts no timer, asks for no randomness and no time, and calls no network`, async () => {
    const asked = await inModule(`
      const asked = [];
      const spy = (owner, key) => { const real = owner[key]; owner[key] = (...args) => { asked.push(key); return real.apply(owner, args); }; };
      for (const key of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch"]) spy(globalThis, key);
      spy(Math, "random");
      spy(Date, "now");
      spy(performance, "now");
      const { Crypto } = globalThis;
      if (Crypto) for (const key of ["getRandomValues", "randomUUID"]) spy(Crypto.prototype, key);
      const url = import.meta.resolve(${name});
      asked.length = 0;
      await import(url);
      console.log(JSON.stringify(asked.filter((key) => key !== "now")));`);
    assert.deepEqual(asked, []);
  });

  test(`${specifier}: importing reads no file outside the package and evaluates no string`, async () => {
    const url = pathToFileURL(join(folder, "dist", `${file}.js`)).href;
    const names = await importNames(url, permission, `--allow-fs-read=${folder}/*`, "--disallow-code-generation-from-strings");
    assert.ok(names.includes(exported));
  });
}
