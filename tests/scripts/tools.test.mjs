// The tools: that stale ones are noticed, and that nothing in the checkout makes rustup download a toolchain by itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { at, root, tools } from "../../scripts/lib/project.mjs";
import { stale, wantedBindgen, wantedPackages } from "../../scripts/lib/wanted.mjs";

test("the tools of this checkout fit it", () => {
  assert.equal(stale(root, tools()), undefined);
  assert.match(wantedBindgen(root), /^\d+\.\d+\.\d+$/);
});

test("tools of another branch are noticed: wasm-bindgen, npm packages, what is gone, what an older set-up wrote", (t) => {
  const checkout = mkdtempSync(join(tmpdir(), "claiv-tools-"));
  t.after(() => rmSync(checkout, { recursive: true }));
  const write = (name, text) => writeFileSync(join(checkout, name), text);
  const lock = (version) => write("Cargo.lock", `[[package]]\nname = "wasm-bindgen"\nversion = "${version}"\n`);
  mkdirSync(join(checkout, "node_modules"));
  lock("0.2.1");
  write("package.json", "{}");
  write("package-lock.json", "{}");
  const found = { CLAIV_BINDGEN_VERSION: "0.2.1", CLAIV_BINDGEN: process.execPath };
  assert.match(stale(checkout, found), /node_modules/);
  write("node_modules/.claiv-installed", `${process.version} ${wantedPackages(checkout)}\n`);
  assert.equal(stale(checkout, found), undefined);
  write("package-lock.json", "{ }");
  assert.match(stale(checkout, found), /package-lock\.json/);
  write("package-lock.json", "{}");
  lock("0.2.2");
  assert.match(stale(checkout, found), /wasm-bindgen 0\.2\.1 is set up, and Cargo\.lock has 0\.2\.2/);
  lock("0.2.1");
  assert.match(stale(checkout, { ...found, CLAIV_BINDGEN: join(checkout, "gone") }), /is gone/);
  assert.match(stale(checkout, { CLAIV_BINDGEN: process.execPath }), /wasm-bindgen unknown is set up/);
});

test("a script that reads stale tools ends on a sentence that says what to run", (t) => {
  // A checkout with the scripts and nothing else that is up to date.
  const checkout = mkdtempSync(join(tmpdir(), "claiv-stale-"));
  t.after(() => rmSync(checkout, { recursive: true }));
  for (const folder of ["scripts/lib", ".tools"]) mkdirSync(join(checkout, folder), { recursive: true });
  for (const name of ["project.mjs", "wanted.mjs"]) writeFileSync(join(checkout, "scripts/lib", name), readFileSync(at("scripts/lib", name)));
  writeFileSync(join(checkout, "package.json"), "{}");
  writeFileSync(join(checkout, "Cargo.lock"), 'name = "wasm-bindgen"\nversion = "9.9.9"\n');
  writeFileSync(join(checkout, ".tools/env"), "CLAIV_BINDGEN_VERSION='0.2.1'\nCLAIV_BINDGEN='/nowhere'\n");
  writeFileSync(join(checkout, "scripts/some.mjs"), 'import { main, tools } from "./lib/project.mjs";\nawait main(tools);\n');
  const { status, stderr } = spawnSync(process.execPath, [join(checkout, "scripts/some.mjs")], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /^FAILED: .*9\.9\.9.*: run scripts\/setup\.sh\n$/);
});

const hasRustup = spawnSync("rustup", ["--version"]).status === 0;

test("rust-toolchain.toml makes rustup ask for nothing that the machine lacks", { skip: hasRustup ? false : "there is no rustup" }, () => {
  // Where rustup must download something it tries to, and fails at this address.
  const env = { ...process.env, RUSTUP_DIST_SERVER: "http://127.0.0.1:9", RUSTUP_AUTO_INSTALL: "1", RUSTUP_TOOLCHAIN: undefined };
  for (const command of ["cargo", "rustc"]) {
    const run = (cwd) => spawnSync(command, ["--version"], { cwd, env, encoding: "utf8" });
    const here = run(root);
    assert.equal(here.status, 0, here.stderr);
    assert.equal(here.stdout, run(tmpdir()).stdout, "the toolchain is the machine's own");
  }
});

test("the oldest Rust stands in Cargo.toml, and set-up reads it there", () => {
  const [line] = /^OLDEST_RUST=.*$/m.exec(readFileSync(at("scripts/lib/setup-rust.sh"), "utf8"));
  const { stdout } = spawnSync("bash", ["-c", `${line}; echo "$OLDEST_RUST"`], { cwd: root, encoding: "utf8" });
  const [, minor] = /^rust-version = "1\.(\d+)"$/m.exec(readFileSync(at("Cargo.toml"), "utf8"));
  assert.equal(stdout.trim(), minor);
});
