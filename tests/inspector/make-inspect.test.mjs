// What `make inspect` runs: the script that shows the demo's memory, and the one that keeps compilers quiet.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = (name) => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`it prints a link to the demo's memory, and ends with ${signal}`, async () => {
    const child = spawn(process.execPath, [script("inspect.mjs")], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, CI: "1" } });
    let link;
    for await (const line of createInterface({ input: child.stdout })) {
      [link] = line.match(/http:\S+#recall\/mara\?task=\S+/) ?? [];
      if (link) break;
    }
    const { origin } = new URL(link);
    const { users } = await (await fetch(`${origin}/_claiv/api/users`)).json();
    assert.deepEqual(users.map(({ user_id: id, events }) => [id, events]), [["mara", 36]]);
    child.kill(signal);
    assert.deepEqual(await once(child, "close"), [0, null]);
    await assert.rejects(fetch(origin), "the emulator is stopped");
  });
}

const logged = (...args) => promisify(execFile)(process.execPath, [script("run-logged.mjs"), "of-a-test", process.execPath, "-e", ...args]).catch((error) => error);
const file = fileURLToPath(new URL("../../.build/log/of-a-test.log", import.meta.url));

test("steps are printed, all else goes to a file that is named", async (t) => {
  t.after(() => rmSync(file, { force: true }));
  const { stdout } = await logged("console.log('Compiling much'); console.log('build: one step'); console.error('warning: of the compiler')");
  assert.equal(stdout, "of-a-test: all of its output goes to .build/log/of-a-test.log\nbuild: one step\n");
  assert.deepEqual(readFileSync(file, "utf8").trim().split("\n").sort(), ["Compiling much", "build: one step", "warning: of the compiler"]);
});

test("a command that fails shows the end of its output", async (t) => {
  t.after(() => rmSync(file, { force: true }));
  const { code, stderr } = await logged("console.log('error: it does not compile'); process.exit(3)");
  assert.equal(code, 1);
  assert.match(stderr, /of-a-test ended with 3; the last of it:\nerror: it does not compile\nAll of it is in \S+of-a-test\.log/);
});
