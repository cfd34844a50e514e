#!/usr/bin/env node
// Looks for known vulnerabilities of the crates and npm packages that the project is built and tested with.
//   node scripts/release/audit.mjs [crates] [npm]     one of the two, or both
// Where a registry does not answer, the audit fails.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main, root, tools } from "../lib/project.mjs";
import { capture, run, start } from "../lib/run.mjs";

const CARGO_DENY = "0.20.2";
const LEVELS = ["info", "low", "moderate", "high", "critical"];
// The packages that take part in the build fail the audit from this level on. Those of the runtimes, bundlers and clients that are only
// tested or measured are only listed: some are old on purpose, and none of them is part of what is published.
const FAILS = "high";
const BUILDS = ["package-lock.json"];

/** cargo-deny at the version above: on PATH, or compiled once into the cache (about three minutes). */
async function cargoDeny() {
  const place = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "claiv-memory", `cargo-deny-${CARGO_DENY}`);
  const is = async (command) => {
    const lines = [];
    const code = await start(command, ["--version"], { onLine: (line) => lines.push(line) }).catch(() => 1);
    return code === 0 && lines[0] === `cargo-deny ${CARGO_DENY}`;
  };
  for (const command of [join(place, "bin/cargo-deny"), "cargo-deny"]) if (await is(command)) return command;
  console.log(`audit: compiling cargo-deny ${CARGO_DENY} (three minutes or so, once)`);
  mkdirSync(place, { recursive: true });
  await run(tools().CLAIV_CARGO, ["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--quiet", "--no-default-features", "--root", place], { what: "cargo install cargo-deny" });
  return join(place, "bin/cargo-deny");
}

async function crates() {
  // Without --workspace only the client's crates are looked at, not the emulator's.
  await run(await cargoDeny(), ["--locked", "--workspace", "check"], { what: "cargo deny" });
  console.log("audit: crates: nothing found");
}

/** What `npm audit` answers for one lock file: how many packages at each level, and a line for each at `FAILS` or above. */
function npmAudit(folder) {
  return new Promise((done, fail) => {
    execFile("npm", ["audit", "--json", "--package-lock-only"], { cwd: folder, maxBuffer: 1 << 27 }, (_, stdout, stderr) => {
      let answer;
      try {
        answer = JSON.parse(stdout);
      } catch {
        return fail(new Failure(`npm audit answered no JSON in ${folder}: ${stderr.trim()}`));
      }
      // It exits with 1 both for advisories and where the registry does not answer.
      if (!answer.metadata?.vulnerabilities) return fail(new Failure(`npm audit could not ask about ${folder}: ${answer.message ?? answer.error?.summary ?? stderr}`));
      const bad = Object.values(answer.vulnerabilities).filter(({ severity }) => LEVELS.indexOf(severity) >= LEVELS.indexOf(FAILS));
      // `via` names the advisories, or the packages through which this one is touched.
      const why = (via) => (typeof via === "string" ? `by way of ${via}` : `${via.title} (${via.range}), ${via.url}`);
      done({ counts: answer.metadata.vulnerabilities, bad: bad.map(({ name, severity, via }) => `${name}: ${severity}: ${via.map(why).join("; ")}`) });
    });
  });
}

async function npm(where) {
  const locks = (await capture("git", ["ls-files", "--cached", "--others", "--exclude-standard", "package-lock.json", "**/package-lock.json"], { cwd: where })).split("\n").filter((file) => file && existsSync(join(where, file)));
  if (locks.length === 0) throw new Failure("there is no package-lock.json");
  const failures = [];
  for (const lock of locks) {
    const folder = dirname(lock);
    try {
      const { counts, bad } = await npmAudit(join(where, folder));
      console.log(`audit: npm: ${folder}: ${LEVELS.map((level) => `${counts[level] ?? 0} ${level}`).join(", ")}`);
      if (BUILDS.includes(lock)) failures.push(...bad);
      else for (const line of bad) console.log(`       ${line}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length > 0) throw new Failure(`npm:\n${failures.map((line) => `  ${line}`).join("\n")}`);
}

await main(async () => {
  const { values, positionals } = parseArgs({ options: { root: { type: "string", default: root } }, allowPositionals: true });
  const audits = { crates, npm: () => npm(resolve(values.root)) };
  const unknown = positionals.filter((name) => !audits[name]);
  if (unknown.length > 0) throw new Failure(`there is no audit of ${unknown.join(", ")}`);
  const failures = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(audits)) {
    await audits[name]().catch((error) => {
      if (!(error instanceof Failure)) throw error;
      failures.push(error.message);
    });
  }
  if (failures.length > 0) throw new Failure(failures.join("\n"));
});
