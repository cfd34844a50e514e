// Every program of docs/ai.md runs as it stands there: with the real AI SDK, an emulator, and stubs in place of paid models.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { at } from "../../scripts/lib/project.mjs";
import { blocksOf } from "../../scripts/lib/readme-blocks.mjs";
import { startEmulator } from "../../scripts/lib/readme-run.mjs";
import { assert, modules } from "./support.mjs";

const PAGE = readFileSync(at("docs/ai.md"), "utf8");
const installed = dirname(dirname(fileURLToPath(import.meta.resolve("claiv-memory"))));

/** Models that answer with the number of texts in the user's last message: two, where a memory was put before it. */
const STUBS = {
  "@ai-sdk/openai": `
import { MockLanguageModelV4 } from "ai/test";
const usage = { inputTokens: { total: 0 }, outputTokens: { total: 0 } };
const end = { finishReason: { unified: "stop", raw: "stop" }, usage };
const reply = ({ prompt }) => "texts: " + prompt.findLast(({ role }) => role === "user").content.length;
export const openai = () => new MockLanguageModelV4({
  doGenerate: async (options) => ({ content: [{ type: "text", text: reply(options) }], warnings: [], ...end }),
  doStream: async (options) => ({ stream: new ReadableStream({ start(controller) {
    for (const part of [{ type: "stream-start", warnings: [] }, { type: "text-start", id: "1" }, { type: "text-delta", id: "1", delta: reply(options) }, { type: "text-end", id: "1" }, { type: "finish", ...end }]) controller.enqueue(part);
    controller.close();
  } }) }),
});`,
  openai: `
export default class { chat = { completions: { create: async ({ messages }) => ({ choices: [{ message: { role: "assistant", content: "recalled: " + messages[0].content.includes("window seats") } }] }) } }; }`,
};

function folder(t) {
  const made = mkdtempSync(join(tmpdir(), "claiv-ai-docs-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  const link = (from, name) => { mkdirSync(dirname(join(made, "node_modules", name)), { recursive: true }); symlinkSync(from, join(made, "node_modules", name)); };
  link(installed, "claiv-memory");
  link(join(modules, "ai-7"), "ai");
  for (const [name, code] of Object.entries(STUBS)) {
    const place = join(made, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, type: "module", exports: "./index.js" }));
    writeFileSync(join(place, "index.js"), code);
  }
  writeFileSync(join(made, "package.json"), '{ "type": "module" }');
  return made;
}

/** What each program prints, after somebody has said in another conversation what they prefer; and how much is stored afterwards. */
const EXPECTED = {
  "A middleware": { prints: /^texts: 2$/, stored: 3 },
  "Tools": { prints: /^texts: 1$/, stored: 1 },
  "Plain messages": { prints: /^$/, stored: 3 },
  "A context pack as text": { prints: /^Memories of this user\.[^]*I prefer window seats/, stored: 2 },
};

const post = (url, path, body) => fetch(url + path, { method: "POST", headers: { authorization: "Bearer key" }, body: JSON.stringify(body) }).then((response) => response.json());

const blocks = blocksOf(PAGE);

test("the page has the programs that are expected, and no others", () => {
  assert.deepEqual(blocks.map(({ name }) => name.replace(/^.*: /, "")), Object.keys(EXPECTED));
});

for (const { name, code } of blocks) {
  const heading = name.replace(/^.*: /, "");
  test(`docs/ai.md, ${name}`, { timeout: 60_000 }, async (t) => {
    const emulator = await startEmulator();
    t.after(emulator.stop);
    await post(emulator.url, "/v6/ingest", { user_id: "user-123", conversation_id: "earlier", type: "message", role: "user", content: "I prefer window seats" });
    const where = folder(t);
    writeFileSync(join(where, "block.mjs"), code);
    const child = spawn(process.execPath, ["--import", at("scripts/lib/readme-preload.mjs"), "block.mjs"], { cwd: where, env: { PATH: process.env.PATH, CLAIV_API_KEY: "key", CLAIV_BASE_URL: emulator.url } });
    const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), new Promise((resolve) => child.on("close", resolve))]);
    assert.equal(status, 0, err);
    assert.match(out.trim(), EXPECTED[heading].prints);
    const usage = await fetch(`${emulator.url}/v1/usage/summary?range=today`, { headers: { authorization: "Bearer key" } }).then((response) => response.json());
    assert.equal(usage.totals.ingest_events, EXPECTED[heading].stored);
  });
}

test("the page names every option, and the examples that it speaks of are there", () => {
  const source = readFileSync(at("pkg-template/adapters/ai/options.ts"), "utf8");
  const [, rules] = /const MEMORY[^{]*\{([^]*?)\};/.exec(source);
  for (const [, option] of rules.matchAll(/^ {2}(\w+):/gm)) assert.match(PAGE, new RegExp(`\`${option}\``));
  for (const [, example] of PAGE.matchAll(/examples\/([\w-]+)/g)) assert.ok(existsSync(at("examples", example)), example);
  assert.deepEqual(readdirSync(at("examples")).filter((one) => one.startsWith("ai-") && !PAGE.includes(one)), []);
});
