// The benchmarks run, in their shortest form: what they measure is read by people, and no test asserts it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { root } from "../../scripts/lib/project.mjs";

function run(args, env = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", env: { ...process.env, ...env } });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  return stdout;
}

test("the benchmark of calls, cold starts, HTTP and long runs", { timeout: 600_000 }, () => {
  const out = run(["scripts/bench.mjs", "--quick", "--ours", "--only=overhead,cold,http,flat", "node"], { BENCH_ROUNDS: "1" });
  assert.match(out, /measured for/);
  assert.doesNotMatch(out, /not run|did not start/);
});

test("the benchmark of the emulator", { timeout: 600_000 }, () => assert.match(run(["bench/emulator.mjs", "500"]), /\d/));

test("the benchmark of the outbox", { timeout: 600_000 }, () => assert.match(run(["bench/outbox.mjs", "--quick"]), /a file/));
