import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { startEmulator } from "../../demo/emulator.mjs";
import { copied, installed, repository } from "./copied.mjs";

const { turns } = JSON.parse(readFileSync(join(repository, "demo/conversation.json"), "utf8"));
const CLASSES = [
  "ClaivError", "ClaivApiError", "ClaivBadRequestError", "ClaivAuthenticationError", "ClaivPermissionError", "ClaivNotFoundError",
  "ClaivConflictError", "ClaivRateLimitError", "ClaivServerError", "ClaivTimeoutError", "ClaivNetworkError", "ClaivAbortError",
  "ClaivValidationError", "ClaivResponseError",
];

/** The environment without what would make the demo play against a real service. */
function environment(more = {}) {
  const own = { ...process.env, NODE_OPTIONS: "" };
  delete own.CLAIV_API_KEY;
  delete own.CLAIV_BASE_URL;
  return { ...own, ...more };
}

/** Runs a script to its end: what it printed, and its exit code. */
async function run(script, env) {
  const ended = promisify(execFile)(process.execPath, [script], { timeout: 60_000, env: environment(env) });
  return ended.then(({ stdout }) => ({ code: 0, stdout }), ({ code, stdout, stderr }) => ({ code, stdout, stderr }));
}

async function emulator(t) {
  const { url, stop } = await startEmulator(installed);
  t.after(stop);
  return url;
}

const receiptsOf = async (url) => {
  const response = await fetch(`${url}/v1/deletion-receipts`, { headers: { authorization: "Bearer any" } });
  return (await response.json()).receipts;
};

test("the conversation is in the order of time and long enough", () => {
  assert.ok(turns.length >= 30);
  const times = turns.map(({ time }) => Date.parse(time));
  assert.deepEqual(times, times.toSorted((one, other) => one - other));
  assert.ok(new Set(turns.map(({ time }) => time.slice(0, 10))).size > 1, "it goes on for more than a day");
  for (const { role, content, thread } of turns) assert.ok(["user", "assistant"].includes(role) && content && thread);
});

test("make demo: installed and against its emulator it tells its story, shows every class of error and leaves nothing behind", async (t) => {
  const temporary = mkdtempSync(join(tmpdir(), "claiv-test-"));
  t.after(() => rmSync(temporary, { recursive: true, force: true }));
  const { code, stdout, stderr } = await run(join(repository, "scripts/demo.mjs"), { TMPDIR: temporary });
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`stored +${turns.length} events in \\d+ ms`));
  assert.match(stdout, /first +(evt_\w+) +deduped: false\n +again +\1 +deduped: true\n/);
  for (const budget of [200, 400, 2000]) {
    const [, tokens, blocks] = new RegExp(`budget +${budget} .* (\\d+) tokens, (\\d+) blocks`).exec(stdout) ?? [];
    assert.ok(Number(tokens) <= budget && Number(blocks) > 0, `budget ${budget}: ${tokens} tokens, ${blocks} blocks`);
  }
  assert.match(stdout, /\n +[01]\.\d\d +episode +.*peanuts/);
  assert.match(stdout, /POST \/v1\/recall +3 +0 /);
  assert.match(stdout, /within quota: true/);
  assert.match(stdout, new RegExp(`deleted +events ${turns.length},`));
  assert.match(stdout, /recalled +0 blocks, 0 tokens/);
  assert.match(stdout, /\nSee such a memory in a browser, block by block: make inspect\nEverything was as it should be\.\n$/);
  for (const name of CLASSES) assert.match(stdout, new RegExp(`\n   ${name}\n     \\S.*`), name);
  assert.match(stdout, /issues: \["user_id","token_budget"\]/);
  assert.match(stdout, /retryAfterMs: 3600000/);
  assert.match(stdout, /ECONNREFUSED/);
  assert.match(stdout, /name: AbortError, cause: the user went away/);
  assert.ok(stdout.split("\n").length <= 120, "it fits some screens");
  assert.ok(!stdout.includes("\x1b"), "colours are for terminals");
  assert.ok(!/demo-key|known-key/.test(stdout), "a key is never shown");
  assert.deepEqual(readdirSync(temporary), []);
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(stdout);
  await assert.rejects(fetch(url), "the emulator is stopped");
});

test("with a key in the environment it plays against that service, with a user of its own that is forgotten", async (t) => {
  const url = await emulator(t);
  const { code, stdout, stderr } = await run(join(copied(t, "demo"), "session.mjs"), { CLAIV_API_KEY: "my-own-key", CLAIV_BASE_URL: url });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Everything was as it should be\./);
  assert.ok(!stdout.includes("my-own-key"));
  const [user] = /demo-[0-9a-f-]{36}/.exec(stdout);
  const receipts = await receiptsOf(url);
  assert.deepEqual(receipts.map(({ scope }) => scope.user_id), [user]);
  assert.equal(receipts[0].deleted_counts.events, turns.length);
});

test("a session that breaks off says why, and forgets its user at the service", async (t) => {
  const url = await emulator(t);
  const folder = copied(t, "demo");
  const broken = turns.map((turn, at) => (at === 5 ? { ...turn, role: "nobody" } : turn));
  writeFileSync(join(folder, "conversation.json"), JSON.stringify({ about: "Broken", turns: broken }));
  const { code, stdout, stderr } = await run(join(folder, "session.mjs"), { CLAIV_API_KEY: "my-own-key", CLAIV_BASE_URL: url });
  assert.equal(code, 1);
  assert.match(stderr, /The demo failed: ClaivValidationError: .*role must be one of/);
  assert.match(stdout, /The user demo-\S+ is forgotten\./);
  const [receipt] = await receiptsOf(url);
  assert.equal(receipt.deleted_counts.events, 5);
});

test("a session that is interrupted forgets its user at the service", async (t) => {
  const url = await emulator(t);
  const env = environment({ CLAIV_API_KEY: "my-own-key", CLAIV_BASE_URL: url });
  const session = spawn(process.execPath, [join(copied(t, "demo"), "session.mjs")], { env, timeout: 30_000 });
  let stdout = "";
  let interrupted = false;
  session.stdout.on("data", (text) => {
    stdout += text;
    if (interrupted || !stdout.includes("Ingest an event again")) return;
    interrupted = true;
    session.kill("SIGINT");
  });
  const [code] = await once(session, "close");
  assert.equal(code, 130, stdout);
  assert.match(stdout, /Interrupted\.\nThe user demo-\S+ is forgotten\.\n$/);
  const [receipt] = await receiptsOf(url);
  assert.equal(receipt.deleted_counts.events, turns.length);
});
