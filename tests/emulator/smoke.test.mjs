// The smoke test, with the command instead of the real service.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { serve, stop } from "./command.mjs";

async function smoke(env) {
  const { CLAIV_API_KEY: _key, CLAIV_BASE_URL: _url, ...rest } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(new URL("smoke.mjs", import.meta.url))], { env: { ...rest, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (text) => (out += text));
  const [code] = await once(child, "close");
  return { code, out };
}

test("it calls each endpoint once, finds no difference to the emulator itself, and leaves nothing behind", async () => {
  const server = await serve();
  const { code, out } = await smoke({ CLAIV_API_KEY: "k", CLAIV_BASE_URL: server.url });
  assert.equal(code, 0, out);
  assert.match(out, /2\d endpoints, 0 differences/);
  assert.ok(!out.includes("not asked"), out);
  const user_id = out.match(/smoke-[\w-]+/)[0];
  assert.deepEqual(await server.contents("seat", { user_id }), []);
  assert.equal((await server.get(`/v6/documents?user_id=${user_id}`)).body.total, 0);
  await stop(server);
});

test("differences are reported, and nothing is left behind after an error", async () => {
  const server = await serve("--fault", '[{"path":"/v2/recall","status":200,"body":{"memory_blocks":{},"more":1}},{"path":"/v3/recall","status":502,"body":"<html>"}]');
  const failed = await smoke({ CLAIV_API_KEY: "k", CLAIV_BASE_URL: server.url });
  assert.notEqual(failed.code, 0);
  const user_id = failed.out.match(/smoke-[\w-]+/)[0];
  assert.deepEqual(await server.contents("seat", { user_id }), []);
  await stop(server);
  const other = await serve("--fault", '{"path":"/v2/recall","status":200,"body":{"memory_blocks":{},"more":1}}');
  const { code, out } = await smoke({ CLAIV_API_KEY: "k", CLAIV_BASE_URL: other.url });
  assert.equal(code, 1);
  for (const sentence of [".memory_blocks: the service has object, the emulator array", ".more: only the service has it", ".citations: only the emulator has it"]) {
    assert.ok(out.includes(sentence), out);
  }
  await stop(other);
});

test("without an API key nothing is requested", async () => {
  const { code, out } = await smoke({ CLAIV_BASE_URL: "http://127.0.0.1:1" });
  assert.deepEqual([code, out.trim()], [0, "smoke: CLAIV_API_KEY is not set; nothing was done."]);
});
