// The quick start, pasted into an empty folder with the package installed from its tarball.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { blocksOf } from "../../scripts/lib/readme-blocks.mjs";
import { serveEmulator } from "../support/emulator.mjs";

const run = promisify(execFile);
const builds = fileURLToPath(new URL("../../.build", import.meta.url));
const tarball = readdirSync(builds).find((name) => name.endsWith(".tgz"));

/** An empty folder with the package in it. */
async function emptyFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), "claiv-quick-start-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const flags = ["--offline", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--prefix", folder];
  await run("npm", ["install", ...flags, join(builds, tarball)], { cwd: folder });
  assert.ok(existsSync(join(folder, "node_modules/claiv-memory/package.json")));
  return folder;
}

const CALLS = `
  await claiv.ingest({ user_id: "user-123", type: "message", content: "User prefers dark mode and uses VS Code" });
  const pack = await claiv.recall({ user_id: "user-123", task: "Help the user configure their editor", token_budget: 2000 });
  console.log(JSON.stringify(pack));
`;
const FROM_OPTIONS = "const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY, baseUrl: process.env.CLAIV_BASE_URL });";
const FROM_ENV = "const claiv = ClaivClient.fromEnv();";

const IMPORT = 'import { ClaivClient } from "claiv-memory";';
const REQUIRE = 'const { ClaivClient } = require("claiv-memory");';
const PROGRAMS = {
  "ESM with options": ["start.mjs", `${IMPORT}\n${FROM_OPTIONS}\n${CALLS}`],
  "ESM from the environment": ["start.mjs", `${IMPORT}\n${FROM_ENV}\n${CALLS}`],
  "CommonJS with options": ["start.cjs", `${REQUIRE}\n(async () => {\n${FROM_OPTIONS}\n${CALLS}})();`],
  "CommonJS from the environment": ["start.cjs", `${REQUIRE}\n(async () => {\n${FROM_ENV}\n${CALLS}})();`],
  "CommonJS in a .js file": ["start.js", `${REQUIRE}\n(async () => {\n${FROM_ENV}\n${CALLS}})();`],
};

for (const [what, [file, program]] of Object.entries(PROGRAMS)) {
  test(`the quick start works in an empty folder: ${what}`, async (t) => {
    const { emulator, url } = await serveEmulator(t, { apiKeys: ["quick-key"] });
    const folder = await emptyFolder(t);
    writeFileSync(join(folder, file), program);
    const env = { PATH: process.env.PATH, CLAIV_API_KEY: "quick-key", CLAIV_BASE_URL: url };
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder, env, timeout: 30_000 });
    assert.equal(stderr, "");
    const pack = JSON.parse(stdout);
    assert.equal(pack.memory_blocks[0].content, "User prefers dark mode and uses VS Code");
    assert.equal(typeof pack.system_context, "string");
    assert.deepEqual(emulator.requests.map(({ path, status }) => [path, status]), [["/v1/ingest", 200], ["/v1/recall", 200]]);
  });
}

test("on a laptop with no key and no network the same code runs against the emulator", async (t) => {
  const folder = await emptyFolder(t);
  writeFileSync(join(folder, "offline.mjs"), `
    import { ClaivEmulator } from "claiv-memory/emulator";
    ${IMPORT}
    globalThis.fetch = () => { throw new Error("there is no network"); };
    const claiv = new ClaivClient({ apiKey: "anything", fetch: new ClaivEmulator().fetch });
    ${CALLS}`);
  const { stdout, stderr } = await run(process.execPath, ["offline.mjs"], { cwd: folder, env: { PATH: process.env.PATH }, timeout: 30_000 });
  assert.equal(stderr, "");
  assert.match(JSON.parse(stdout).memory_blocks[0].content, /VS Code/);
});

test("the README's first screen, typed by hand into an empty folder, prints a remembered fact; it also compiles under strict", async (t) => {
  const folder = await emptyFolder(t);
  const readme = readFileSync(join(folder, "node_modules/claiv-memory/README.md"), "utf8");
  const [install, program] = blocksOf(readme);
  assert.equal(install.code, "npm install claiv-memory\n");
  assert.match(readme.split("\n").slice(0, 45).join("\n"), new RegExp(`\n${program.prints}`), "what it prints stands on the first screen");
  writeFileSync(join(folder, "app.mjs"), program.code);
  const { stdout, stderr } = await run(process.execPath, ["app.mjs"], { cwd: folder, env: { PATH: process.env.PATH }, timeout: 30_000 });
  assert.deepEqual([stdout, stderr], [program.prints, ""]);
  assert.match(stdout, /^I moved to Lisbon/);

  writeFileSync(join(folder, "app.mts"), program.code);
  const compilerOptions = { strict: true, noEmit: true, module: "nodenext", target: "es2022", noUncheckedIndexedAccess: false, types: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.mts"] }));
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  await run(process.execPath, [tsc, "-p", "."], { cwd: folder }).catch((error) => assert.fail(error.stdout));
});

test("a program that is done ends by itself: the client leaves nothing running", async (t) => {
  const { url } = await serveEmulator(t);
  const folder = mkdtempSync(join(tmpdir(), "claiv-end-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(dirname(createRequire(import.meta.url).resolve("claiv-memory/package.json")), ".."), join(folder, "node_modules"));
  writeFileSync(join(folder, "end.mjs"), `
    ${IMPORT}
    const claiv = new ClaivClient({ apiKey: "k", baseUrl: ${JSON.stringify(url)}, timeout: 1e9, totalTimeout: 1e9 });
    const signal = new AbortController().signal;
    await claiv.ingest({ user_id: "u", type: "message", content: "tea" }, { signal });
    await claiv.ingest({}).catch(() => {});
    console.log("done");`);
  const { stdout } = await run(process.execPath, ["end.mjs"], { cwd: folder, env: { PATH: process.env.PATH }, timeout: 20_000 });
  assert.equal(stdout, "done\n");
});
