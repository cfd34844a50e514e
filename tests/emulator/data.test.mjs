// The file of --data.
import assert from "node:assert/strict";
import { constants } from "node:buffer";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ClaivEmulator } from "claiv-memory/emulator";
import { launch, serve, stop } from "./command.mjs";
import { calls, start } from "./helpers.mjs";
import { limited, storm } from "./storm.mjs";

const folder = mkdtempSync(join(tmpdir(), "claiv-emulator-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = () => join(folder, `state-${files++}.json`);

test("acknowledged events survive kill -9", async () => {
  const data = freshFile();
  const acknowledged = new Map();
  for (let round = 0; round < 3; round++) {
    const server = await serve("--data", data);
    // Every event of the rounds before is there, and is not stored again.
    for (const [key, event_id] of acknowledged) {
      assert.deepEqual(await server.ingest(`event ${key}`, { idempotency_key: key }), { event_id, deduped: true });
    }
    // Many requests at once; the process is killed while they are answered.
    const wanted = 40 * (round + 1);
    let count = 0;
    const killed = new Promise((resolve) => {
      const worker = async (name) => {
        for (let i = 0; ; i++) {
          const key = `${round}-${name}-${i}`;
          const { event_id } = await server.ingest(`event ${key}`, { idempotency_key: key });
          acknowledged.set(key, event_id);
          if (++count === wanted) {
            server.child.kill("SIGKILL");
            resolve();
          }
        }
      };
      for (let name = 0; name < 8; name++) worker(name).catch(() => {});
    });
    await killed;
    const { signal } = await server.ended;
    assert.equal(signal, "SIGKILL");
  }
  assert.ok(acknowledged.size >= 240);
  const server = await serve("--data", data);
  for (const [key, event_id] of acknowledged) assert.equal((await server.ingest("x", { idempotency_key: key })).event_id, event_id);
  await stop(server);
});

test("receipts and usage survive a restart, and the file is compacted", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  for (let i = 0; i < 20; i++) await first.ingest(`event ${i}`);
  await first.post("/v1/forget", { user_id: "u" });
  const before = (await first.get("/v1/usage/summary")).body;
  assert.ok(readFileSync(data, "utf8").split("\n").length > 20);
  await stop(first, "SIGINT");
  const second = await serve("--data", data);
  assert.equal(readFileSync(data, "utf8").split("\n").length, 2);
  assert.deepEqual((await second.get("/v1/usage/summary")).body, before);
  assert.equal((await second.get("/v1/deletion-receipts")).body.total, 1);
  assert.deepEqual(await second.contents("event"), []);
  await stop(second);
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".new") || name.endsWith(".lock")), []);
  if (process.platform !== "win32") assert.equal(statSync(data).mode & 0o077, 0);
});

test("an incomplete last line is ignored", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const kept = await first.ingest("kept", { idempotency_key: "k" });
  await stop(first, "SIGKILL");
  appendFileSync(data, '{"op":"event","event":{"event_id":"evt_torn","user_id":"u","conte');
  const second = await serve("--data", data);
  assert.deepEqual(await second.ingest("kept", { idempotency_key: "k" }), { ...kept, deduped: true });
  assert.deepEqual(await second.contents("kept"), ["kept"]);
  await stop(second);
});

test("an incomplete line after a state without changes is removed before the next change is written", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const kept = await first.ingest("kept", { idempotency_key: "k" });
  await stop(first);
  // The restart compacts the file: it contains the state and no changes.
  await stop(await serve("--data", data));
  appendFileSync(data, '{"op":"event","event":{"event_id":"evt_torn","user_id":"u","conte');
  const second = await serve("--data", data);
  await second.ingest("more", { idempotency_key: "m" });
  await stop(second, "SIGKILL");
  const third = await serve("--data", data);
  assert.deepEqual(await third.ingest("kept", { idempotency_key: "k" }), { ...kept, deduped: true });
  assert.deepEqual((await third.contents("kept more")).sort(), ["kept", "more"]);
  await stop(third);
});

test("events stored after an exported state without a line feed are kept", async () => {
  const data = freshFile();
  const emulator = new ClaivEmulator();
  writeFileSync(data, emulator.exportState());
  const first = await serve("--data", data);
  await first.ingest("kept");
  await stop(first, "SIGKILL");
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("kept"), ["kept"]);
  await stop(second);
});

test("events stored after an exported state without a line feed are kept, also where the disk has no room for a compacted file", { skip: process.platform === "win32" }, async () => {
  const data = freshFile();
  const { emulator, ingest } = start();
  for (let i = 0; i < 3000; i++) await ingest(`event ${i}`);
  const state = emulator.exportState();
  writeFileSync(data, state);
  // The state in lines is larger than the exported state, so no file with it fits below the limit.
  const first = await limited(data, Math.ceil(state.length / 1024) + 20);
  assert.equal((await first.post("/v1/ingest", { user_id: "other", type: "message", content: "kept" })).status, 200);
  first.child.kill("SIGKILL");
  await first.ended;
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("kept", { user_id: "other" }), ["kept"]);
  await stop(second);
});

test("a file that is not a state is refused and left unchanged", async () => {
  for (const text of ["my precious notes", "my precious\nnotes\n", '{"format":"claiv-emulator","version":1}\n', "{}\n{}\n"]) {
    const data = freshFile();
    writeFileSync(data, text);
    const { code, errors } = await launch("--port", "0", "--data", data).ended;
    assert.equal(code, 1);
    assert.match(errors, /^claiv-emulator: cannot use the data file [^\n]+\n$/);
    assert.equal(readFileSync(data, "utf8"), text);
    assert.equal(existsSync(`${data}.lock`), false);
  }
  const missing = await launch("--port", "0", "--data", join(folder, "no/such/folder/file")).ended;
  assert.equal(missing.code, 1);
  assert.match(missing.errors, /^claiv-emulator: cannot use the data file [^\n]+\n$/);
});

test("two processes cannot use one file, but a stale lock is replaced", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`process ${first.child.pid} is using it`));
  assert.deepEqual((await first.ingest("still here")).deduped, false);
  await stop(first, "SIGKILL");
  assert.ok(existsSync(`${data}.lock`));
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("still"), ["still here"]);
  await stop(second);
});

test("recalls write no more than counters once a second", async () => {
  const data = freshFile();
  const server = await serve("--data", data);
  await server.ingest("tea");
  await sleep(1200);
  const before = statSync(data).size;
  const began = performance.now();
  for (let i = 0; i < 200; i++) await server.recall("tea");
  await server.post("/v3/recall", { user_id: "u", task: "tea", token_budget: 200 });
  await sleep(1200);
  const usage = (await server.get("/v1/usage/summary")).body;
  const lines = readFileSync(data, "utf8").slice(before).trim().split("\n").map((line) => JSON.parse(line).op);
  assert.ok(lines.every((op) => op === "counters" || op === "recall"), lines.join());
  // The counters of each endpoint are written once a second, not with each recall.
  assert.ok(lines.length <= 4 + (3 * (performance.now() - began)) / 1000, lines.join());
  await stop(server, "SIGKILL");
  const again = await serve("--data", data);
  assert.equal((await again.get("/v1/usage/summary")).body.totals.recall_requests, usage.totals.recall_requests);
  await stop(again);
});

test("the file is compacted while the command runs", async () => {
  const data = freshFile();
  const server = await serve("--data", data);
  await server.ingest("kept", { user_id: "other" });
  const content = "x ".repeat(500_000);
  for (let i = 0; i < 30; i++) {
    await server.ingest(content);
    await server.post("/v1/forget", { user_id: "u" });
  }
  assert.ok(statSync(data).size < 20e6, `${statSync(data).size} bytes`);
  assert.equal((await server.ingest("added later", { user_id: "other" })).deduped, false);
  await stop(server, "SIGKILL");
  const again = await serve("--data", data);
  assert.deepEqual((await again.contents("kept later", { user_id: "other" })).sort(), ["added later", "kept"]);
  assert.equal((await again.get("/v1/deletion-receipts")).body.total, 30);
  await stop(again);
});

test("a compaction that fails leaves nothing open", { skip: !existsSync("/proc/self/fd") || !existsSync("/dev/full") }, async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  await first.ingest("kept");
  await stop(first, "SIGKILL");
  // The command compacts a small file when it starts.
  symlinkSync("/dev/full", `${data}.new`);
  const server = await serve("--data", data);
  const open = readdirSync(`/proc/${server.child.pid}/fd`).map((fd) => readlinkSync(`/proc/${server.child.pid}/fd/${fd}`));
  assert.deepEqual(open.filter((path) => path === data || path === "/dev/full"), [data]);
  assert.deepEqual(await server.contents("kept"), ["kept"]);
  await stop(server);
});

test("a large file is read in chunks, which may cut lines and characters", async () => {
  const data = freshFile();
  const emulator = new ClaivEmulator({ journal: true });
  const lines = [`${emulator.exportState()}\n`];
  const event = (i, content) => `${JSON.stringify({ op: "event", event: { event_id: `evt_${i}`, user_id: "u", type: "message", content, event_time: "2024-01-01T00:00:00.000Z", stored_at: "2024-01-01T00:00:00.000Z", idempotency_key: `k${i}` } })}\n`;
  for (let i = 0; i < 40; i++) lines.push(event(i, `item${i} ${"🧠é".repeat(i === 20 ? 900_000 : i * 10_007)}`));
  writeFileSync(data, lines.join(""));
  const server = await serve("--data", data);
  for (const i of [0, 20, 39]) assert.deepEqual(await server.ingest("x", { idempotency_key: `k${i}` }), { event_id: `evt_${i}`, deduped: true });
  await stop(server, "SIGKILL");
  // A broken line is named by its number, and the file is left unchanged.
  lines[31] = `${lines[31].slice(0, 50)}\n`;
  writeFileSync(data, lines.join(""));
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  assert.equal(code, 1);
  assert.match(errors, /: line 32 cannot be applied: /);
  assert.equal(readFileSync(data, "utf8"), lines.join(""));
});

test("a file larger than a string can be is read", async () => {
  const data = freshFile();
  const emulator = new ClaivEmulator({ journal: true });
  const { ingest, post } = calls(emulator.fetch, "http://localhost");
  // An event of a megabyte that is forgotten again, so that little memory is needed, as often as is needed for 540 MB.
  await ingest("kept", { user_id: "other" });
  await ingest("x ".repeat(500_000));
  await post("/v1/forget", { user_id: "u" });
  const [kept, event, forget] = emulator.takeChanges().trimEnd().split("\n");
  writeFileSync(data, `${new ClaivEmulator().exportState()}\n${kept}\n`);
  for (let i = 0; i < 540; i++) {
    appendFileSync(data, `${event.replace(/"evt_/, `"evt_${i}_`)}\n${forget.replace(/"rcpt_/, `"rcpt_${i}_`)}\n`);
  }
  assert.ok(statSync(data).size > constants.MAX_STRING_LENGTH);
  const server = await serve("--data", data);
  assert.deepEqual(await server.contents("kept", { user_id: "other" }), ["kept"]);
  assert.deepEqual(await server.contents("x"), []);
  assert.equal((await server.get("/v1/deletion-receipts")).body.total, 540);
  await stop(server);
  rmSync(data);
});

test("unusual files: a link, a folder, an empty file, an exported state", { skip: process.platform === "win32" }, async () => {
  const [data, link] = [freshFile(), freshFile()];
  writeFileSync(data, "");
  symlinkSync(data, link);
  const server = await serve("--data", link);
  await server.ingest("kept");
  const { errors } = await launch("--port", "0", "--data", data).ended;
  assert.match(errors, /is using it/, "two names of one file are one file");
  await stop(server);
  assert.equal(readlinkSync(link), data);
  const exported = new ClaivEmulator();
  exported.importState(readFileSync(data, "utf8").split("\n")[0]);
  for (const name of [folder, "/dev/null"]) {
    const refused = await launch("--port", "0", "--data", name).ended;
    assert.equal(refused.code, 1);
    assert.match(refused.errors, /no regular file/);
  }
  const state = freshFile();
  writeFileSync(state, exported.exportState());
  for (let i = 0; i < 2; i++) {
    const again = await serve("--data", state);
    assert.equal((await again.ingest("new", { idempotency_key: "n" })).deduped, i === 1);
    await stop(again, "SIGKILL");
  }
});

test("kills, full disks, torn and doubled lines lose and double nothing", { skip: process.platform === "win32" }, async () => {
  const { broken, rounds, acknowledged } = await storm({ folder, rounds: 6, seed: 7 });
  assert.deepEqual(broken, []);
  assert.equal(rounds, 6);
  assert.ok(acknowledged > 50, `${acknowledged} acknowledged`);
});
