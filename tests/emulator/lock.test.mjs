// One process at a time uses a data file, also where processes cannot see each other.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, serve, stop } from "./command.mjs";

const folder = mkdtempSync(join(tmpdir(), "claiv-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = () => join(folder, `state-${files++}.json`);
const foreign = (more) => `${JSON.stringify({ pid: 1, place: "another container", started: "1", token: "theirs", ...more })}\n`;

test("of many that find a lock left behind exactly one takes it", async () => {
  for (let round = 0; round < 3; round++) {
    const data = freshFile();
    const first = await serve("--data", data);
    await first.tell("kept", { idempotency_key: "k" });
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

test("a process that was stopped and lost the lock writes nothing once it is woken", { skip: process.platform === "win32" }, async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  await first.tell("before", { idempotency_key: "a" });
  first.child.kill("SIGSTOP");
  // As if it had been in another container, where its number means nothing, and had not touched the lock for long.
  unlinkSync(`${data}.lock`);
  const second = await serve("--data", data);
  await second.tell("of the second", { idempotency_key: "b" });
  const pending = first.tell("of the first", { idempotency_key: "c" }).then(() => "answered", () => "lost");
  const before = readFileSync(data, "utf8");
  first.child.kill("SIGCONT");
  const { code, errors } = await first.ended;
  assert.equal(code, 1);
  assert.match(errors, /^claiv-emulator: cannot write the data file [^\n]+another process has taken it over[^\n]+\n$/);
  assert.equal(await pending, "lost");
  assert.equal(readFileSync(data, "utf8"), before);
  assert.ok(existsSync(`${data}.lock`), "the lock of the second is left alone");
  await second.tell("and on", { idempotency_key: "d" });
  assert.deepEqual((await second.contents("second before first")).sort(), ["and on", "before", "of the second"].slice(1));
  await stop(second);
});

test("a lock of another container is in use while it is touched", async () => {
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

test("a lock of another container that nobody touches is taken over, and the file is put in the place of the old one", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  await first.tell("kept");
  await stop(first);
  const { ino } = statSync(data);
  writeFileSync(`${data}.lock`, foreign());
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("kept"), ["kept"]);
  assert.notEqual(statSync(data).ino, ino);
  await stop(second);
});

test("a lock whose number was given to another process is one left behind", { skip: !existsSync("/proc/self/stat") }, async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const lock = JSON.parse(readFileSync(`${data}.lock`, "utf8"));
  await stop(first, "SIGKILL");
  writeFileSync(`${data}.lock`, `${JSON.stringify({ ...lock, pid: process.pid })}\n`);
  const began = performance.now();
  const second = await serve("--data", data);
  assert.ok(performance.now() - began < 9000, "nothing had to be waited for");
  // What an earlier version wrote holds a number only.
  await stop(second);
  writeFileSync(`${data}.lock`, `${process.pid}\n`);
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`process ${process.pid} is using it`));
  await sleep(0);
});
