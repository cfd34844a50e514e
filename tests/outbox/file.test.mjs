// fileStore: processes that are killed, files that are damaged or cannot grow, and two processes with one file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { ClaivError } from "claiv-memory";
import { fileStore } from "claiv-memory/outbox";
import { rejection } from "../support/client.mjs";
import { errorBody, serve } from "../support/server.mjs";
import { chooseSeed, randomOf } from "../hostile/random.mjs";
import { collect, message, open, service } from "./support.mjs";

const PROGRAM = fileURLToPath(new URL("file-program.mjs", import.meta.url));

function place(t) {
  const folder = mkdtempSync(join(tmpdir(), "claiv-outbox-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "outbox.journal");
}

/** Starts the program and gives the lines that it prints. `limit` is the largest file that it may write, in KiB. */
function start(t, args, { limit } = {}) {
  const command = [process.execPath, PROGRAM, ...args.map(String)];
  const child = limit === undefined ? spawn(command[0], command.slice(1)) : spawn("bash", ["-c", `ulimit -f ${limit}; exec "$@"`, "-", ...command]);
  t.after(() => child.kill("SIGKILL"));
  const lines = [];
  let errors = "";
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  child.stderr.on("data", (data) => { errors += data; });
  const ended = Promise.all([once(child, "close"), once(reader, "close")]).then(([[code, signal]]) => ({ code, signal, lines, errors }));
  return { child, lines, ended, reader };
}

const numbers = (lines, word) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => Number(line.split(" ")[1]));

test("kill -9 at any time: every event that was promised to be durable is stored, once and in order", async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`CLAIV_SEED=${seed}`);
  const random = randomOf(seed);
  const file = place(t);
  // Stores each key once, and fails at random, before or after it has stored.
  const keys = new Set();
  const stored = [];
  let isStormy = true;
  const { requests, url } = await serve(t, ({ json }) => {
    const roll = isStormy ? random() : 1;
    if (roll < 0.1) return { status: 503, body: errorBody("unavailable", "no") };
    if (roll < 0.2) return "drop";
    const deduped = keys.has(json.idempotency_key);
    keys.add(json.idempotency_key);
    if (!deduped) stored.push(json);
    return roll < 0.3 ? "drop" : { body: { event_id: json.idempotency_key, deduped } };
  });
  const rounds = Number(process.env.CLAIV_OUTBOX_KILLS ?? 8);
  const queued = [];
  for (let round = 0; round < rounds; round++) {
    const { child, lines, reader, ended } = start(t, [file, url, round * 100, 100]);
    const lives = 5 + Math.floor(random() * 80);
    reader.on("line", () => { if (lines.length >= lives) child.kill("SIGKILL"); });
    const { signal, errors } = await ended;
    assert.equal(signal, "SIGKILL", errors);
    queued.push(...numbers(lines, "queued"));
  }
  isStormy = false;
  const { code, lines, errors } = await start(t, [file, url, rounds * 100, 1]).ended;
  assert.deepEqual([code, lines.at(-1)], [0, "all sent"], errors);
  queued.push(rounds * 100);

  const found = stored.map(({ metadata }) => metadata.n);
  assert.equal(new Set(found).size, found.length, "stored twice");
  // One whose promise the kill cut off may be there as well.
  assert.deepEqual(queued.filter((n) => !found.includes(n)), [], "promised and not stored");
  const lanes = new Map();
  for (const { user_id, thread_id, metadata: { n } } of stored) {
    const lane = `${user_id} ${thread_id}`;
    assert.ok(!((lanes.get(lane) ?? -1) > n), `event ${n} came after ${lanes.get(lane)}`);
    lanes.set(lane, n);
  }
  assert.ok(requests.length > stored.length, "the service never failed");
  t.diagnostic(`${rounds} kills, ${queued.length} events promised, ${stored.length} stored, ${requests.length} requests`);
});

test("a file that may not grow rejects the ingest that did not fit, and keeps all others", async (t) => {
  const file = place(t);
  const { lines, code, errors } = await start(t, [file, "-", 0, 40, 1000], { limit: 16 }).ended;
  assert.equal(code, 0, errors);
  const refused = lines.filter((line) => line.startsWith("refused"));
  const queued = numbers(lines, "queued");
  assert.ok(queued.length >= 5 && refused.length >= 5, lines.join("\n"));
  for (const line of refused) assert.match(line, /^refused \d+ ClaivError (EFBIG|ENOSPC) The event was not queued: the store did not take it/);

  const it = service();
  const outbox = open(t, it, { store: fileStore(file), onError: (error) => assert.fail(error) });
  await outbox.flush();
  assert.deepEqual(it.stored.map(({ metadata }) => metadata.n).sort((a, b) => a - b), queued);
});

test("a small event still fits where a large one did not", async (t) => {
  const file = place(t);
  await start(t, [file, "-", 0, 3, 4000], { limit: 16 }).ended;
  const large = await start(t, [file, "-", 10, 1, 20_000], { limit: 16 }).ended;
  const small = await start(t, [file, "-", 20, 1, 10], { limit: 16 }).ended;
  assert.match(large.lines[0], /^refused 10/);
  assert.equal(small.lines[0], "queued 20");
});

test("the last line, cut off while it was written, was never promised; the rest is whole", async (t) => {
  const file = place(t);
  const first = open(t, service(() => { throw new TypeError("offline"); }), { store: fileStore(file) });
  for (const content of ["1", "2", "3"]) await first.ingest(message(content));
  await first.close();
  const bytes = readFileSync(file);
  for (const cut of [1, 10, 60]) {
    writeFileSync(file, bytes.subarray(0, bytes.length - cut));
    const it = service();
    const outbox = open(t, it, { store: fileStore(file), onError: (error) => assert.fail(error) });
    await outbox.ingest(message("4"));
    await outbox.flush();
    await outbox.close();
    assert.deepEqual(it.stored.map(({ content }) => content), ["1", "2", "4"]);
  }
});

test("a line that does not read as it was written is set aside and told, the rest is sent", async (t) => {
  const file = place(t);
  const first = open(t, service(() => { throw new TypeError("offline"); }), { store: fileStore(file) });
  for (const content of ["1", "2", "3"]) await first.ingest(message(content));
  await first.close();
  writeFileSync(file, readFileSync(file, "utf8").replace('"content":"2"', '"content":"9"'));
  appendFileSync(file, "not a line of ours\n");
  const told = [];
  const it = service();
  const outbox = open(t, it, { store: fileStore(file), onError: (error) => { told.push(error); } });
  assert.equal((await outbox.flush()).left, 0);
  assert.deepEqual(it.stored.map(({ content }) => content), ["1", "3"]);
  assert.equal(told.length, 2);
  const damaged = (await collect(outbox.damaged())).map(({ value }) => value.unreadable);
  assert.match(damaged[0], /"content":"9"/);
  assert.equal(damaged[1], "not a line of ours");
});

test("a second process is refused with the number of the first, and takes the file over once that is dead", async (t) => {
  const file = place(t);
  const running = start(t, [file, "-", 0, 1_000_000]);
  await once(running.reader, "line");
  const it = service();
  const outbox = open(t, it, { store: fileStore(file) });
  const error = await rejection(outbox.ingest(message("mine")), ClaivError);
  assert.match(error.message, new RegExp(`is in use: process ${running.child.pid} is using it`));
  running.child.kill("SIGKILL");
  const { lines } = await running.ended;
  await outbox.ingest(message("mine"));
  await outbox.flush();
  assert.deepEqual(numbers(lines, "queued").filter((n) => !it.stored.some(({ metadata }) => metadata?.n === n)), []);
});

test("the same process is refused a second outbox with the same file, until the first is closed", async (t) => {
  const file = place(t);
  const first = open(t, service(), { store: fileStore(file) });
  await first.ingest(message("1"));
  const second = open(t, service(), { store: fileStore(file) });
  assert.match((await rejection(second.ingest(message("2")))).message, /this process has another outbox on it/);
  await first.close();
  await second.ingest(message("2"));
});

test("the file does not grow without end, and nothing is lost as it is written anew", async (t) => {
  const file = place(t);
  const store = fileStore(file);
  t.after(() => store.close());
  const keep = await store.add({ keep: true }, 10);
  for (let round = 0; round < 40; round++) {
    const ids = await Promise.all(Array.from({ length: 10 }, () => store.add({ content: "x".repeat(10_000) }, 100)));
    await store.remove(ids);
  }
  assert.ok(statSync(file).size < 2_000_000, `${statSync(file).size} bytes`);
  assert.ok(!existsSync(`${file}.new`));
  await store.close();
  assert.deepEqual(await fileStoreOf(t, file).list(0, 10), [{ id: keep, value: { keep: true } }]);
});

test("stores listen for the end of the process by one listener, and by none once they are closed", async (t) => {
  const before = process.listenerCount("exit");
  const stores = Array.from({ length: 12 }, () => fileStoreOf(t, place(t)));
  for (const store of stores) await store.add({}, 1);
  assert.equal(process.listenerCount("exit"), before + 1);
  for (const store of stores) await store.close();
  assert.equal(process.listenerCount("exit"), before);
});

test("a process that ends with its stores open leaves no lock behind", async (t) => {
  const files = [place(t), place(t)];
  const program = `
    import { fileStore } from "claiv-memory/outbox";
    for (const file of process.argv.slice(1)) await fileStore(file).add({}, 1);
    process.exit();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, ...files], { cwd: fileURLToPath(new URL(".", import.meta.url)) });
  assert.equal((await once(child, "close"))[0], 0);
  for (const file of files) assert.deepEqual([existsSync(file), existsSync(`${file}.lock`)], [true, false]);
});

function fileStoreOf(t, file) {
  const store = fileStore(file);
  t.after(() => store.close());
  return store;
}

test("a file is readable by its owner alone", async (t) => {
  const file = place(t);
  await fileStoreOf(t, file).add({}, 1);
  if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("a folder that does not exist is an error of the ingest, not of the process", async (t) => {
  const outbox = open(t, service(), { store: fileStore(join(place(t), "no", "such", "folder")) });
  assert.match((await rejection(outbox.ingest(message("1")))).message, /ENOENT/);
});
