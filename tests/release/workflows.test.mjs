// The workflows: what they run exists here, their actions are pinned, and no row of the matrix is forgotten.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import test from "node:test";
import { allRows, chosen } from "../../scripts/runtimes/run.mjs";
import { folderOf, program, repository } from "./support.mjs";

const github = join(repository, ".github");
const yaml = readdirSync(github, { recursive: true }).filter((name) => /\.ya?ml$/.test(name) && !name.startsWith("ISSUE_TEMPLATE"));
const read = (name) => readFileSync(join(github, name), "utf8");
const workflows = yaml.filter((name) => name.startsWith("workflows"));

test("each action is pinned to a commit, and says which version that is", () => {
  const pins = new Map();
  for (const name of yaml) {
    for (const [, used] of read(name).matchAll(/^\s*-?\s*uses: (.+)$/gm)) {
      if (used.startsWith("./")) {
        assert.ok(existsSync(join(repository, used)) || existsSync(join(repository, used, "action.yml")), `${name}: ${used}`);
        continue;
      }
      const [, action, commit, version] = /^([\w-]+\/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(used) ?? [];
      assert.ok(commit, `${name}: ${used}`);
      // The same action twice in two versions would be an oversight.
      assert.equal(pins.get(action) ?? `${commit} ${version}`, `${commit} ${version}`, `${name}: ${used}`);
      pins.set(action, `${commit} ${version}`);
    }
  }
  assert.ok(pins.size > 0);
});

test("the scripts and make targets that they call are there", () => {
  const makefile = readFileSync(join(repository, "Makefile"), "utf8");
  let found = 0;
  for (const name of yaml) {
    for (const [script] of read(name).matchAll(/\bscripts\/[\w./-]+\.(?:mjs|sh)\b/g)) {
      assert.ok(existsSync(join(repository, script)), `${name}: ${script}`);
      found += 1;
    }
    for (const [, target] of read(name).matchAll(/\bmake ([a-z-]+)$/gm)) {
      assert.match(makefile, new RegExp(`^${target}:`, "m"), `${name}: make ${target}`);
      found += 1;
    }
  }
  assert.ok(found > 10);
});

test("nobody gets more rights than to read, but the jobs that publish; none keeps a token on disk", () => {
  for (const name of workflows) {
    const text = read(name);
    assert.match(text, /^permissions:\n {2}contents: read\n(?! )/m, name);
    const writes = [...text.matchAll(/^ +([\w-]+): write$/gm)].map(([, right]) => right).sort();
    assert.deepEqual(writes, name.endsWith("release.yml") ? ["contents", "id-token", "id-token"] : [], name);
    assert.equal(text.match(/actions\/checkout@/g)?.length ?? 0, text.match(/persist-credentials: false/g)?.length ?? 0, name);
    assert.doesNotMatch(text, /pull_request_target|secrets\./, name);
  }
});

test("what somebody else may write is never a part of a command", () => {
  for (const name of yaml) {
    for (const line of read(name).split("\n").filter((one) => one.includes("${{"))) {
      assert.doesNotMatch(line, /github\.event\.|head_ref/, `${name}: ${line}`);
      // A value of a key, such as one in `env`; in a command only what the workflow itself lists.
      const [, key, value] = /^\s*(?:- )?([\w-]+): (.*)$/.exec(line) ?? [];
      assert.ok(key, `${name}: ${line}`);
      if (key === "run") assert.doesNotMatch(value, /\$\{\{ (?!matrix\.)/, `${name}: ${line}`);
    }
  }
});

test("every row of the matrix is in a job, and in one only", async () => {
  const jobs = [...read("workflows/ci.yml").matchAll(/^ +rows: (.+)$/gm)].map(([, rows]) => rows.split(" "));
  assert.ok(jobs.length > 0);
  const taken = [];
  for (const rows of jobs) taken.push(...(await chosen(rows)).map(({ id }) => id));
  assert.deepEqual(taken.sort(), (await allRows()).map(({ id }) => id).sort());
});

test("npm's lock files are all in reach of the bot that updates them", () => {
  const bot = read("dependabot.yml");
  for (const folder of ["/bench", "/tests/ai", "/tests/mcp", "/tests/runtimes/*", "/tests/bundlers/*"]) assert.ok(bot.includes(folder), folder);
  const tracked = readdirSync(join(repository, "tests"), { recursive: true }).filter((file) => /package-lock\.json$/.test(file) && !file.includes("node_modules"));
  for (const file of tracked) assert.match(file, /^(ai|mcp|(runtimes|bundlers)\/[\w-]+)\/package-lock\.json$/);
});

test("a row that cannot be run fails in CI, as does one that fails", async (t) => {
  // In place of node, a program that prints what a run would.
  const rows = async (printed, code) => {
    const folder = folderOf(t, { node: `#!/bin/sh\nprintf '%s\\n' '${printed}'\nexit ${code}\n` });
    chmodSync(join(folder, "node"), 0o755);
    return program(join(repository, "scripts/release/rows.sh"), ["any"], { env: { PATH: `${folder}${delimiter}${process.env.PATH}` } });
  };
  assert.equal((await rows("  ok   Node 20: 170 passed, 0 failed, 2 not run", 0)).code, 0);
  assert.equal((await rows("  FAIL Node 20: 169 passed, 1 failed", 1)).code, 1);
  const missing = await rows("  not run: WebKit, a page: Xvfb not found", 0);
  assert.equal(missing.code, 1);
  assert.match(missing.output, /FAILED: rows that were not run:\n {2}not run: WebKit/);
});
