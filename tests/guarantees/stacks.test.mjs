// An error's stack leads to the caller's line, and an uncaught error can be read. Other runtimes: tests/runtimes/conformance/cases/stacks.mjs.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { before } from "node:test";
import { fileURLToPath } from "node:url";
import { here, node, program } from "./support.mjs";

const source = readFileSync(join(here, "programs/stacks.mjs"), "utf8").split("\n");
const lineOf = (mark) => source.findIndex((line) => line.includes(mark)) + 1;

let stacks;
before(async () => { stacks = await program("stacks.mjs"); });

const KINDS = ["ClaivBadRequestError", "ClaivServerError", "ClaivTimeoutError", "ClaivTimeoutError in all", "ClaivNetworkError", "AbortError", "AbortError at once",
  "ClaivResponseError", "ClaivValidationError", "ClaivError", "ClaivError of a key", "ClaivError of a copy", "ClaivBadRequestError of a list"];

for (const how of ["import", "require"]) {
  for (const kind of KINDS) {
    test(`${how}: the stack of a ${kind} names the functions that awaited the call, with file and line`, () => {
      const { name, message, stack } = stacks[`${how}: ${kind}`];
      assert.equal(name, kind.split(" ")[0]);
      // Of the frames that an engine keeps, the loop over a list takes some.
      for (const [caller, mark] of [["asked", "// awaits in asked"], ["main", "// awaits in main"]].slice(0, kind.endsWith("list") ? 1 : 2)) {
        assert.match(stack, new RegExp(`\\n\\s+at (async )?${caller} \\(.*programs/stacks\\.mjs:${lineOf(mark)}:\\d+\\)`), stack);
      }
      // It begins as a stack does, and holds nobody's source.
      assert.ok(stack.includes(message) && stack.startsWith(name === "AbortError" ? "" : name), stack);
      assert.ok(stack.length < 3000 + message.length, `${stack.length} characters`);
    });
  }
}

test("the stack of what the constructor throws names who called it", async () => {
  const { ClaivClient } = await import("claiv-memory");
  const makes = () => new ClaivClient({ apiKey: "" });
  const reads = () => ClaivClient.fromEnv({});
  for (const work of [makes, reads]) {
    assert.throws(work, ({ stack }) => new RegExp(`at ${work.name} \\(.*stacks\\.test\\.mjs:\\d+:\\d+\\)`).test(stack));
  }
});

const CALLS = {
  "an invalid request": "client.ingest({ user_id: 5 })",
  "a refusal": "client.ingest(event)",
  "a lost connection": "new ClaivClient({ apiKey: 'key', baseUrl: 'http://127.0.0.1:1', maxRetries: 0 }).ingest(event)",
  "a timeout": "new ClaivClient({ apiKey: 'key', fetch: () => new Promise((resolve) => setTimeout(resolve, 1000)), timeout: 10 }).ingest(event)",
  "a constructor without a key": "new ClaivClient({})",
  "a copy of a client": "Object.create(ClaivClient.prototype).ingest(event)",
};

const FORMS = {
  "app.mjs": (call) => `import { ClaivClient } from "claiv-memory";
const client = new ClaivClient({ apiKey: "key", fetch: async () => new Response("{}", { status: 400 }) });
const event = { user_id: "u", type: "message", content: "c" };
async function main() {
  await ${call};
}
await main();
`,
  "app.cjs": (call) => `const { ClaivClient } = require("claiv-memory");
const client = new ClaivClient({ apiKey: "key", fetch: async () => new Response("{}", { status: 400 }) });
const event = { user_id: "u", type: "message", content: "c" };
async function main() {
  await ${call};
}
main();
`,
};

for (const [file, text] of Object.entries(FORMS)) {
  for (const [what, call] of Object.entries(CALLS)) {
    test(`${file}: ${what} that nobody catches prints less than 2 KB, the caller's line among it`, async (t) => {
      // A short path, as users have: it is in every line of a stack.
      const folder = mkdtempSync(join(tmpdir(), "app-"));
      t.after(() => rmSync(folder, { recursive: true }));
      symlinkSync(fileURLToPath(new URL("../node_modules", import.meta.url)), join(folder, "node_modules"));
      writeFileSync(join(folder, file), text(call));
      const { code, stderr } = await node([join(folder, file)], { timeout: 20_000 });
      assert.equal(code, 1);
      assert.ok(Buffer.byteLength(stderr) < 2048, `${Buffer.byteLength(stderr)} bytes:\n${stderr.slice(0, 3000)}`);
      assert.match(stderr, new RegExp(`at (async )?main \\(.*${file.replace(".", "\\.")}:5:\\d+\\)`), stderr);
      assert.match(stderr, /Claiv\w*Error/);
    });
  }
}
