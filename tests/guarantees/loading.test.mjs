// Where WebAssembly is missing or compiling is forbidden, the import succeeds, and whoever makes a client is told why it cannot run
// and what to do, by a ClaivError.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import vm from "node:vm";
import { code, here } from "./support.mjs";

/** Why a host cannot run the module, and what the error must say: the cause and the remedy. */
const HOSTS = {
  "node --jitless": { flags: ["--jitless"], cause: /WebAssembly/, remedy: /jitless|WebAssembly/ },
  "no WebAssembly": { before: "delete globalThis.WebAssembly;", cause: /WebAssembly/, remedy: /jitless|allow|enable|runtime|browser|host/i },
  "WebAssembly that is undefined": { before: "globalThis.WebAssembly = undefined;", cause: /WebAssembly/, remedy: /jitless|allow|enable|runtime|browser|host/i },
  // What Chromium says under a policy without 'wasm-unsafe-eval'.
  "a Content Security Policy without wasm-unsafe-eval": {
    before: `WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("WebAssembly.Module(): Refused to compile or instantiate WebAssembly module because "
      + "'unsafe-eval' is not an allowed source of script in the following Content Security Policy directive: \\"script-src 'self'\\""); } };`,
    cause: /WebAssembly/, remedy: /wasm-unsafe-eval/, of: "CompileError",
  },
  // What Chromium up to 114 says on the main thread.
  "a main thread that compiles no more than 4 KB at once": {
    before: `WebAssembly.Module = class { constructor() { throw new RangeError("WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB. "
      + "Use WebAssembly.compile, or compile on a worker thread."); } };`,
    cause: /4\s?KB|main thread|WebAssembly/, remedy: /worker|browser|Chrom/i, of: "RangeError",
  },
  "an instance that cannot be made": {
    before: `WebAssembly.Instance = class { constructor() { throw new RangeError("WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance"); } };`,
    cause: /WebAssembly|memory/i, remedy: /memory|WebAssembly|host|runtime|browser/i, of: "RangeError",
  },
};

// Prints what each way of making a client throws, and whether everything else is there.
const LOOK = `
  const ends = [];
  const attempt = (work) => {
    try {
      work();
      ends.push({ threw: false });
    } catch (error) {
      ends.push({ threw: true, typed: error instanceof names.ClaivError, exactly: error.constructor === names.ClaivError, message: error.message, cause: error.cause?.constructor?.name, attempts: error.attempts,
        mayHaveBeenApplied: error.mayHaveBeenApplied, stack: error.stack.split("\\n").length });
    }
  };
  class Sub extends names.ClaivClient {}
  for (const work of [() => new names.ClaivClient({ apiKey: "k" }), () => names.ClaivClient.fromEnv({ CLAIV_API_KEY: "k" }), () => new Sub({ apiKey: "k" }), () => new names.ClaivClient({ apiKey: "k" })]) attempt(work);
  // There is no client, so nothing else can be asked for; what is asked all the same ends well.
  const late = names.ClaivClient.prototype.ingest.call({}, {}).then(() => "fulfilled", (error) => error instanceof names.ClaivError);
  const list = () => { try { names.ClaivClient.prototype.close.call({}); } catch (error) { return error instanceof names.ClaivError; } return false; };
  late.then((ended) => console.log(JSON.stringify({ exported: Object.keys(names).length, ends, ended, closed: list(), stray: globalThis.stray })));
`;
const WATCH = `globalThis.stray = []; for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, (error) => globalThis.stray.push(String(error)));
  const failed = (error) => { console.log(JSON.stringify({ failed: String(error) })); process.exit(); };
`;

function checkLoading({ failed, exported, ends, ended, closed, stray }, { cause, remedy, of }) {
  assert.equal(failed, undefined, "the import");
  assert.ok(exported >= 15, "everything is exported");
  for (const end of ends) {
    assert.deepEqual([end.threw, end.typed, end.exactly], [true, true, true], JSON.stringify(end));
    assert.match(end.message, cause);
    assert.match(end.message, remedy);
    assert.match(end.message, /^[A-Z].{30,600}\.$/s, "sentences");
    if (of) assert.equal(end.cause, of, "the host's own error is its cause");
    assert.deepEqual([end.attempts, end.mayHaveBeenApplied], [[], false]);
  }
  assert.equal(ended, true);
  assert.equal(closed, true);
  assert.deepEqual(stray, []);
}

describe("without WebAssembly", { concurrency: 2 }, () => {
  for (const [host, { before = "", flags = [], ...expected }] of Object.entries(HOSTS)) {
    test(`${host}, ESM: the import succeeds, the constructor and fromEnv throw a ClaivError that names cause and remedy`, async () => {
      checkLoading(await code(`${WATCH}${before}\nconst names = await import("claiv-memory").catch(failed);\n${LOOK}`, { flags }), expected);
    });

    test(`${host}, CJS: require succeeds, the constructor and fromEnv throw a ClaivError that names cause and remedy`, async () => {
      checkLoading(await code(`${WATCH}${before}\nlet names; try { names = require("claiv-memory"); } catch (error) { failed(error); }\n${LOOK}`, { flags, kind: "commonjs" }), expected);
    });
  }
});

test("a classic script where code generation from wasm is forbidden: it runs, and the constructor throws a ClaivError that names cause and remedy", async () => {
  const names = ["AbortController", "AbortSignal", "Headers", "Response", "URL", "TextDecoder", "TextEncoder", "setTimeout", "clearTimeout", "queueMicrotask", "performance", "crypto", "atob", "fetch"];
  const context = vm.createContext(Object.fromEntries(names.map((name) => [name, globalThis[name]])), { codeGeneration: { strings: true, wasm: false } });
  const script = readFileSync(join(here, "../node_modules/claiv-memory/dist/claiv-memory.iife.js"), "utf8");
  const end = vm.runInContext(`${script}
    const found = {};
    try { new ClaivMemory.ClaivClient({ apiKey: "k" }); } catch (error) {
      Object.assign(found, { typed: error instanceof ClaivMemory.ClaivError, message: error.message, cause: error.cause && error.cause.constructor.name });
    }
    found`, context);
  assert.equal(end.typed, true);
  assert.match(end.message, /WebAssembly/);
  assert.match(end.message, /wasm-unsafe-eval/);
  assert.equal(end.cause, "CompileError");
});

test("options at fault are told by the same error where there is no WebAssembly: nothing of the client runs there", async () => {
  const end = await code(`delete globalThis.WebAssembly; const { ClaivClient, ClaivError, ClaivValidationError } = await import("claiv-memory");
    try { new ClaivClient(); } catch (error) { console.log(JSON.stringify({ typed: error instanceof ClaivError, message: error.message })); }`);
  assert.equal(end.typed, true);
  assert.match(end.message, /WebAssembly/);
});

test("a library that only names the errors works without WebAssembly", async () => {
  const end = await code(`delete globalThis.WebAssembly; const { ClaivApiError, ClaivError } = await import("claiv-memory");
    const foreign = Object.fromEntries([[Symbol.for("claiv-memory.errors"), ["ClaivError", "ClaivApiError"]]]);
    console.log(JSON.stringify([foreign instanceof ClaivApiError, new Error("x") instanceof ClaivError]));`);
  assert.deepEqual(end, [true, false]);
});
