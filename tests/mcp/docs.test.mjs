// What docs/mcp.md tells its readers to write is so: the configurations start a server, the Worker answers, the options are those of the command.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { at } from "../../scripts/lib/project.mjs";
import { blocksOf } from "../../scripts/lib/readme-blocks.mjs";
import { serveEmulator } from "../support/emulator.mjs";
import { COMMAND, SDKS, assert, call, names, started } from "./support.mjs";

const PAGE = readFileSync(at("docs/mcp.md"), "utf8");
const blocks = blocksOf(PAGE);
const configurations = blocks.filter(({ language }) => language === "json");

function folder(t) {
  const made = mkdtempSync(join(tmpdir(), "claiv-mcp-docs-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test("the page has two configurations and a Worker", () => {
  assert.deepEqual(blocks.map(({ language }) => language), ["json", "json", "js"]);
});

for (const { name, code } of configurations) {
  test(`docs/mcp.md, ${name}`, async (t) => {
    const { command, args, env = {} } = JSON.parse(code).mcpServers.memory;
    assert.deepEqual([command, ...args.slice(0, 4)], ["npx", "-y", "-p", "claiv-memory", "claiv-mcp"]);
    const { url } = await serveEmulator(t);
    const where = folder(t);
    const own = args.slice(4).map((word) => (word.endsWith(".json") ? join(where, word) : word));
    const { client } = await started(t, SDKS[0], own, { ...env, CLAIV_BASE_URL: url });
    await call(client, "remember", { content: "Ada prefers window seats" });
    assert.match(await call(client, "recall_memory", { query: "Which seat?" }), /window seats/);
  });
}

test("docs/mcp.md, the Worker: it asks who is there, and answers", async (t) => {
  const { emulator, url } = await serveEmulator(t);
  const where = folder(t);
  symlinkSync(at("tests/node_modules"), join(where, "node_modules"));
  const code = blocks.find(({ language }) => language === "js").code;
  // From the repository's own packages, where the SDK is installed.
  writeFileSync(join(where, "worker.mjs"), code.replace('"@modelcontextprotocol/server"', JSON.stringify(import.meta.resolve("@modelcontextprotocol/server"))));
  const { default: worker } = await import(pathToFileURL(join(where, "worker.mjs")));
  const env = { CLAIV_API_KEY: "key", CLAIV_BASE_URL: url, TOKEN: "secret" };
  assert.equal((await worker.fetch(new Request("http://x/"), env)).status, 401);
  for (const sdk of SDKS) {
    const transport = new sdk.Http(new URL("http://worker.example/"), { requestInit: { headers: { authorization: "Bearer secret" } }, fetch: (input, init) => worker.fetch(new Request(input, init), env) });
    const client = new sdk.Client({ name: "a-test", version: "1" });
    await client.connect(transport);
    t.after(() => client.close());
    assert.deepEqual(await names(client), ["list_documents", "recall_memory", "remember"]);
    await call(client, "remember", { content: `A fact by SDK ${sdk.sdk}` });
  }
  assert.deepEqual(emulator.requests.map(({ body }) => body.user_id), ["user-123", "user-123"]);
});

test("the page and --help name the same options", () => {
  const { stdout } = spawnSync(process.execPath, [COMMAND, "--help"], { encoding: "utf8" });
  const options = (text) => [...new Set(text.match(/--[a-z][a-z-]+/g))].sort();
  assert.deepEqual(options(PAGE.slice(PAGE.indexOf("| Option"), PAGE.indexOf("What it has to say"))), options(stdout));
});
