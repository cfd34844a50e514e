// Programs that were written for the service's own TypeScript client compile and run with nothing but their import changed. Deno, Bun and
// a Worker run them in tests/runtimes/dropin/.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { serveEmulator } from "../support/emulator.mjs";
import { AFTER, BEFORE, makeFolder, programs, repository } from "./project.mjs";

const run = promisify(execFile);

async function compile(folder, compiler = "typescript") {
  const tsc = join(repository, "node_modules", compiler, "bin/tsc");
  await run(process.execPath, [tsc, "-p", "."], { cwd: folder, maxBuffer: 1 << 24 }).catch(({ stdout, stderr }) => assert.fail(stdout + stderr));
}

test("the programs are written for the service's client: they compile with what it publishes", async () => {
  await compile(makeFolder("before", programs(BEFORE), { [BEFORE]: ["./service-client.d.ts"] }));
});

test("nothing but the import changes", () => {
  const [before, after] = [programs(BEFORE), programs()];
  const changed = Object.keys(before).flatMap((name) => {
    const lines = after[name].split("\n");
    return before[name].split("\n").filter((line, i) => line !== lines[i]);
  });
  assert.ok(changed.length >= 6);
  for (const line of changed) assert.match(line, /^(?:import .*|\} )from "service-client";$/);
  assert.ok(!Object.values(after).some((text) => text.includes(BEFORE)));
});

for (const compiler of ["typescript", "typescript-7"]) {
  test(`they compile with ${AFTER} under strict, by ${compiler}`, () => compile(makeFolder(`after-${compiler}`, programs()), compiler));
}

test("they run in Node", async (t) => {
  const { url } = await serveEmulator(t);
  const folder = makeFolder("run", programs());
  await build({ entryPoints: [join(folder, "main.ts")], outfile: join(folder, "main.mjs"), bundle: true, format: "esm", platform: "node", packages: "external" });
  const env = { ...process.env, NODE_OPTIONS: "", CLAIV_API_KEY: "a-key", CLAIV_BASE_URL: url };
  const { stdout } = await run(process.execPath, ["main.mjs"], { cwd: folder, env });
  const results = JSON.parse(/^@conformance (.*)$/m.exec(stdout)[1]);
  assert.equal(results.length, 6);
  assert.deepEqual(results.filter(({ outcome }) => outcome !== "passed"), []);
});
