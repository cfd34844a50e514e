#!/usr/bin/env node
// Shows the package at work as a user gets it: packed, installed into a fresh folder, and used from there.
// With CLAIV_API_KEY set the session is played against the real service, else against the package's own emulator.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../demo/emulator.mjs";
import { Failure, at, main } from "./lib/project.mjs";
import { capture } from "./lib/run.mjs";

let interrupted;
let session;
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, () => {
    interrupted ??= name;
    // At a terminal Ctrl-C reaches the session by itself; whatever else stops the demo has to stop it, too.
    session?.kill("SIGTERM");
  });
}

const log = (text) => console.log(`demo: ${text}`);

async function install(folder) {
  if (!existsSync(at("pkg/package.json"))) throw new Failure("there is no pkg/: run make build");
  await capture("npm", ["pack", at("pkg"), "--pack-destination", folder], { cwd: folder, what: "npm pack" });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  log(`packed ${tarball}, ${Math.round(statSync(join(folder, tarball)).size / 1024)} KB`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // --offline: the package has no dependencies, and nothing is to be asked for.
  await capture("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${tarball}`], { cwd: folder, what: "npm install" });
  cpSync(at("demo"), folder, { recursive: true });
  log(`installed it in ${folder}`);
}

/** Resolves to the session's exit code. */
function play(folder, args) {
  return new Promise((resolve, reject) => {
    session = spawn(process.execPath, [join(folder, "session.mjs"), ...args], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
    session.on("error", reject);
    session.on("close", (code) => resolve(code ?? 1));
  });
}

async function demo(folder) {
  await install(folder);
  if (interrupted) return;
  let emulator;
  try {
    if (process.env.CLAIV_API_KEY) {
      log(`plays against ${process.env.CLAIV_BASE_URL || "https://api.claiv.io"}, with the key of CLAIV_API_KEY`);
    } else {
      emulator = await startEmulator(join(folder, "node_modules/claiv-memory"));
      log(`started its emulator at ${emulator.url} (set CLAIV_API_KEY to play against the real service)`);
    }
    if (!interrupted) process.exitCode = await play(folder, emulator ? [emulator.url] : []);
  } finally {
    await emulator?.stop();
  }
}

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "claiv-demo-"));
  try {
    await demo(folder);
  } catch (error) {
    // A step that was interrupted fails; that is no news.
    if (!interrupted) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (interrupted) process.exitCode = 128 + constants.signals[interrupted];
  }
});
