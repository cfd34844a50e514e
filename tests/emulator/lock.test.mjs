// The lock of a data file, also between machines and containers.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BIN, launch, serve, stop } from "./command.mjs";

const folder = mkdtempSync(join(tmpdir(), "claiv-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = () => join(folder, `state-${files++}.json`);
const foreign = (more) => `${JSON.stringify({ pid: 1, place: "another container", started: "1", token: "theirs", ...more })}\n`;

test("exactly one of many processes takes over a stale lock", async () => {
  for (let round = 0; round < 3; round++) {
    const data = freshFile();
    const first = await serve("--data", data);
    await first.ingest("kept", { idempotency_key: "k" });
    await stop(first, "SIGKILL");
    assert.ok(existsSync(`${data}.lock`));
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => serve("--data", data)));
    const started = all.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
    const refused = all.filter(({ status }) => status === "rejected").map(({ reason }) => reason.message);
    assert.deepEqual([started.length, refused.length], [1, 5], refused.join());
    for (const message of refused) assert.match(message, new RegExp(`process ${started[0].child.pid} is using it`));
    assert.deepEqual(await started[0].contents("kept"), ["kept"]);
    await stop(started[0]);
    assert.deepEqual(readdirSync(folder).filter((name) => name.includes(".lock")), []);
  }
});

test("a process that lost the lock while it was stopped writes nothing when it continues", { skip: process.platform === "win32" }, async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  await first.ingest("before", { idempotency_key: "a" });
  first.child.kill("SIGSTOP");
  // As if it were in another container and its heartbeat had stopped.
  unlinkSync(`${data}.lock`);
  const second = await serve("--data", data);
  await second.ingest("of the second", { idempotency_key: "b" });
  const pending = first.ingest("of the first", { idempotency_key: "c" }).then(() => "answered", () => "lost");
  const before = readFileSync(data, "utf8");
  first.child.kill("SIGCONT");
  const { code, errors } = await first.ended;
  assert.equal(code, 1);
  assert.match(errors, /^claiv-emulator: cannot write the data file [^\n]+another process has taken it over[^\n]+\n$/);
  assert.equal(await pending, "lost");
  assert.equal(readFileSync(data, "utf8"), before);
  assert.ok(existsSync(`${data}.lock`), "the lock of the second is left alone");
  await second.ingest("and on", { idempotency_key: "d" });
  assert.deepEqual((await second.contents("second before first")).sort(), ["and on", "before", "of the second"].slice(1));
  await stop(second);
});

test("a lock of another container with a heartbeat is in use", async () => {
  const data = freshFile();
  writeFileSync(`${data}.lock`, foreign());
  const beat = setInterval(() => writeFileSync(`${data}.lock`, foreign()), 500);
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  clearInterval(beat);
  assert.equal(code, 1);
  assert.match(errors, /waiting to see whether it is still running/);
  assert.match(errors, /process 1 of another machine or container is using it/);
  assert.equal(readFileSync(`${data}.lock`, "utf8"), foreign());
});

test("a lock of another container without a heartbeat is taken over, and the file is replaced", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  await first.ingest("kept");
  await stop(first);
  const { ino } = statSync(data);
  writeFileSync(`${data}.lock`, foreign());
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("kept"), ["kept"]);
  assert.notEqual(statSync(data).ino, ino);
  await stop(second);
});

const NAMESPACE = ["--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc"];
const hasNamespaces = spawnSync("unshare", [...NAMESPACE, "true"]).status === 0;

test("a process in another PID namespace sees that the lock is in use", { skip: !hasNamespaces }, async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  await first.ingest("of the first", { idempotency_key: "a" });
  const before = readFileSync(`${data}.lock`, "utf8");
  const other = spawn("unshare", [...NAMESPACE, process.execPath, join(BIN, "claiv-emulator.js"), "--port", "0", "--data", data], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  other.stderr.on("data", (text) => (errors += text));
  const [code] = await once(other, "close");
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`process ${first.child.pid} of another machine or container is using it`));
  assert.equal(readFileSync(`${data}.lock`, "utf8"), before);
  await first.ingest("of the first, later", { idempotency_key: "b" });
  await stop(first);
  const again = await serve("--data", data);
  assert.deepEqual((await again.contents("first")).sort(), ["of the first", "of the first, later"]);
  await stop(again);
});

test("a lock whose process id was reused is stale", { skip: !existsSync("/proc/self/stat") }, async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const lock = JSON.parse(readFileSync(`${data}.lock`, "utf8"));
  await stop(first, "SIGKILL");
  writeFileSync(`${data}.lock`, `${JSON.stringify({ ...lock, pid: process.pid })}\n`);
  const began = performance.now();
  const second = await serve("--data", data);
  assert.ok(performance.now() - began < 9000, "nothing had to be waited for");
  // An earlier version wrote only the process id.
  await stop(second);
  writeFileSync(`${data}.lock`, `${process.pid}\n`);
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`process ${process.pid} is using it`));
  await sleep(0);
});
