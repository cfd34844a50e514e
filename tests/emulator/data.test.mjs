// What the command keeps in the file of --data.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { launch, serve, stop } from "./command.mjs";

const folder = mkdtempSync(join(tmpdir(), "claiv-emulator-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshFile = () => join(folder, `state-${files++}.json`);

test("what was acknowledged survives kill -9", async () => {
  const data = freshFile();
  const acknowledged = new Map();
  for (let round = 0; round < 3; round++) {
    const server = await serve("--data", data);
    // Every event of the rounds before is there, and is not stored again.
    for (const [key, event_id] of acknowledged) {
      assert.deepEqual(await server.tell(`event ${key}`, { idempotency_key: key }), { event_id, deduped: true });
    }
    // Many at once, and the process is killed in the midst of them.
    const wanted = 40 * (round + 1);
    let count = 0;
    const killed = new Promise((resolve) => {
      const worker = async (name) => {
        for (let i = 0; ; i++) {
          const key = `${round}-${name}-${i}`;
          const { event_id } = await server.tell(`event ${key}`, { idempotency_key: key });
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
  for (const [key, event_id] of acknowledged) assert.equal((await server.tell("x", { idempotency_key: key })).event_id, event_id);
  await stop(server);
});

test("receipts and usage survive a restart, and the file is written anew", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  for (let i = 0; i < 20; i++) await first.tell(`event ${i}`);
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

test("a torn last line is tolerated", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const kept = await first.tell("kept", { idempotency_key: "k" });
  await stop(first, "SIGKILL");
  appendFileSync(data, '{"op":"event","event":{"event_id":"evt_torn","user_id":"u","conte');
  const second = await serve("--data", data);
  assert.deepEqual(await second.tell("kept", { idempotency_key: "k" }), { ...kept, deduped: true });
  assert.deepEqual(await second.contents("kept"), ["kept"]);
  await stop(second);
});

test("a file that is no state is left as it is", async () => {
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

test("one file is not used by two at once, but a lock left behind does not matter", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`process ${first.child.pid} is using it`));
  assert.deepEqual((await first.tell("still here")).deduped, false);
  await stop(first, "SIGKILL");
  assert.ok(existsSync(`${data}.lock`));
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("still"), ["still here"]);
  await stop(second);
});
