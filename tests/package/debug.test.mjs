// The development build: the client with names, panic messages and checks, and otherwise the same.
import assert from "node:assert/strict";
import { dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as main from "claiv-memory";
import * as debug from "claiv-memory/debug";
import { serve } from "../support/server.mjs";
import { inModule, inNode, read } from "./installed.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const EVENT = { user_id: "u", type: "message", content: "tea at five" };
const STORED = { event_id: "evt_1", deduped: false };

/** What `work` writes to console.error while it runs. */
function consoleErrorsOf(work) {
  const lines = [];
  const { error } = console;
  console.error = (...parts) => lines.push(parts.join(" "));
  try {
    work();
  } finally {
    console.error = error;
  }
  return lines;
}

/** The one panic that a program can bring about, in the development build only. */
const PANIC = { apiKey: "k", baseUrl: "debug:panic" };
const panicking = ({ ClaivClient }) => new ClaivClient(PANIC);

test("it exports what the main entry exports, and its client has the same methods", () => {
  assert.deepEqual(Object.keys(debug), Object.keys(main));
  const members = ({ ClaivClient }) => [ClaivClient, ClaivClient.prototype].map((one) => Reflect.ownKeys(one).map(String).sort());
  assert.deepEqual(members(debug), members(main));
  assert.ok(members(debug)[1].length > 30);
});

test("it has the main entry's declarations", () => {
  assert.equal(read("dist/debug.d.ts").toString(), read("dist/index.d.ts").toString());
});

for (const [kind, run, load] of [
  ["import", inModule, 'await import("claiv-memory/debug")'],
  ["require", inNode, 'require("claiv-memory/debug")'],
]) {
  test(`${kind}: a call reaches a server and comes back`, async (t) => {
    const { url, requests } = await serve(t, () => ({ body: STORED }));
    const answer = await run(`(async () => {
      const { ClaivClient } = ${load};
      const client = new ClaivClient({ apiKey: "k", baseUrl: ${JSON.stringify(url)} });
      console.log(JSON.stringify(await client.ingest(${JSON.stringify(EVENT)})));
    })();`);
    assert.deepEqual(answer, STORED);
    assert.equal(requests.length, 1);
    assert.equal(requests[0].url, "/v1/ingest");
  });
}

test("instanceof tells the errors of both builds", async () => {
  for (const [made, asked] of [[debug, main], [main, debug]]) {
    const client = new made.ClaivClient({ apiKey: "k" });
    await assert.rejects(client.ingest({}), (error) => error instanceof asked.ClaivValidationError && error instanceof asked.ClaivError
      && !(error instanceof asked.ClaivTimeoutError));
  }
});

test("a stack has the names of the functions in wasm, the main entry's has none", async () => {
  const stackOf = async ({ ClaivClient }) => {
    let stack;
    const fetch = async () => {
      stack = new Error("here").stack;
      return new Response(JSON.stringify(STORED));
    };
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 100;
    try {
      await new ClaivClient({ apiKey: "k", fetch }).ingest(EVENT);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    return stack.split("\n").filter((line) => line.includes("wasm://"));
  };
  const named = await stackOf(debug);
  for (const part of ["claiv_memory::call::", "claiv_memory::transport::send", "js_sys::futures::"]) {
    assert.ok(named.some((line) => line.includes(part)), `${part} is not in\n${named.join("\n")}`);
  }
  const bare = await stackOf(main);
  assert.ok(bare.length > 0);
  assert.deepEqual(bare.filter((line) => line.includes("claiv_memory::")), []);
});

test("a panic tells what happened and where, and then is a ClaivError whose cause is the trap", async () => {
  const lines = consoleErrorsOf(() => assert.throws(() => panicking(debug), (error) =>
    error instanceof debug.ClaivError && error.cause instanceof WebAssembly.RuntimeError));
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^claiv-memory: panicked at \S+\.rs:\d+:\d+:\n\S.*/);
  assert.throws(() => panicking(main), main.ClaivValidationError);
});

test("after a panic, a client that was there before works on", async () => {
  const sent = [];
  const fetch = async (url, { headers }) => {
    sent.push([url, headers.authorization]);
    return new Response(JSON.stringify(STORED));
  };
  const client = new debug.ClaivClient({ apiKey: "first", baseUrl: "https://a.example", fetch });
  consoleErrorsOf(() => assert.throws(() => panicking(debug)));
  assert.deepEqual(await client.ingest(EVENT), STORED);
  assert.deepEqual(sent, [["https://a.example/v1/ingest", "Bearer first"]]);
});

test("a console that throws, or none, does not hide the trap", async () => {
  for (const broken of ["{ error() { throw new TypeError('console'); } }", "undefined"]) {
    const name = await inModule(`
      const { ClaivClient } = await import("claiv-memory/debug");
      const { log } = console;
      globalThis.console = ${broken};
      try { new ClaivClient(${JSON.stringify(PANIC)}); } catch (error) { log(JSON.stringify(error.cause.constructor.name)); }`);
    assert.equal(name, "RuntimeError");
  }
});

test("the main entry carries neither names nor messages", () => {
  const [shipped, named] = ["claiv_memory", "debug"].map((name) => read(`dist/${name}.wasm`));
  const sections = (bytes) => WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "name").length;
  assert.deepEqual([sections(shipped), sections(named)], [0, 1]);
  for (const text of ["panicked at", "claiv_memory::", ".rs"]) assert.deepEqual([shipped.includes(text), named.includes(text)], [false, true], text);
});

test("esbuild's alias, as the README has it, puts it in the main entry's place and leaves the emulator alone", async () => {
  const contents = 'export { ClaivClient } from "claiv-memory"; export { ClaivEmulator } from "claiv-memory/emulator";';
  const { metafile } = await build({
    stdin: { contents, resolveDir: here }, absWorkingDir: here, bundle: true, write: false, metafile: true, format: "esm",
    alias: { "claiv-memory": "claiv-memory/debug", "claiv-memory/emulator": "claiv-memory/emulator" },
  });
  const loaded = Object.keys(metafile.inputs).map((path) => path.split("/dist/")[1]).filter(Boolean).sort();
  assert.deepEqual(loaded, ["debug.js", "emulator.js"]);
});
