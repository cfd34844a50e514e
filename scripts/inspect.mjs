#!/usr/bin/env node
// Starts the emulator of pkg/ with the demo's conversation in it, and opens its inspector.  node scripts/inspect.mjs [port]
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Failure, at, main } from "./lib/project.mjs";

const TASK = "What do I need to know before I see a doctor with Ida?";
/** How long the emulator may take to end by itself. At a terminal Ctrl-C reaches it as well, and a second signal would break it off. */
const OWN_END_MS = 300;

/** How a page is opened, where there is a screen. */
function opener() {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["cmd", "/c", "start", ""];
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}

function open(url) {
  const [command, ...args] = opener() ?? [];
  if (command === undefined || process.env.CI) return;
  // The link is printed as well: it does not matter if there is no browser.
  spawn(command, [...args, url], { stdio: "ignore", detached: true }).on("error", () => {}).unref();
}

function seed(folder) {
  const { turns } = JSON.parse(readFileSync(at("demo/conversation.json"), "utf8"));
  const events = turns.map(({ thread, time, role, content }, i) => ({
    user_id: "mara", thread_id: thread, type: "message", role, content, event_time: time, idempotency_key: `demo-${i + 1}`,
  }));
  const file = join(folder, "story.json");
  writeFileSync(file, JSON.stringify(events));
  return file;
}

await main(async () => {
  const command = at("pkg/bin/claiv-emulator.js");
  if (!existsSync(command)) throw new Failure("there is no pkg/: run make build");
  const folder = mkdtempSync(join(tmpdir(), "claiv-inspect-"));
  const child = spawn(process.execPath, [command, "--port", process.argv[2] ?? "0", "--seed", seed(folder)], { stdio: ["ignore", "pipe", "inherit"] });
  let interrupted = false;
  for (const name of ["SIGINT", "SIGTERM"]) {
    process.on(name, () => {
      interrupted = true;
      setTimeout(() => child.kill(name), OWN_END_MS).unref();
    });
  }
  const ended = new Promise((resolve) => child.on("close", resolve));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [url] = line.match(/http:\S+\/_claiv\/$/) ?? [];
    if (url === undefined) return console.log(line);
    const page = `${url}#recall/mara?task=${encodeURIComponent(TASK)}`;
    console.log(`\n  The memory of Mara, who moves to Lisbon:\n  ${page}\n  Drag the budget there. Ctrl-C ends it.\n`);
    return open(page);
  });
  const code = await ended;
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = interrupted ? 0 : (code ?? 1);
});
