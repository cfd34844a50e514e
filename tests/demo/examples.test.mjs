import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import test from "node:test";
import { copied, installed } from "./copied.mjs";

test("examples/node: the chat recalls what it was told", async (t) => {
  const folder = copied(t, "examples/node");
  const env = { ...process.env, NODE_OPTIONS: "" };
  delete env.CLAIV_API_KEY;
  const chat = spawn(process.execPath, ["chat.mjs"], { cwd: folder, env, timeout: 30_000 });
  chat.stdin.end("I am allergic to peanuts\nMy piano is black\nWhat am I allergic to?\n\n");
  const [out, err, code] = await Promise.all([text(chat.stdout), text(chat.stderr), new Promise((resolve) => chat.on("close", resolve))]);
  assert.equal(code, 0, err);
  const [first, , third] = out.split("bot> ").slice(1);
  assert.match(first, /remember nothing/);
  assert.match(third, /- I am allergic to peanuts/);
  assert.doesNotMatch(third, /piano/);
});

test("examples/node: it depends on the package that is built here, by its published name", () => {
  const { name } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const { dependencies } = JSON.parse(readFileSync(join(installed, "../../../examples/node/package.json"), "utf8"));
  assert.deepEqual(dependencies, { [name]: "file:../../pkg" });
});
