// Runs a script again whenever files change, until Ctrl-C. It compares the files four times a second (5 ms for a
// thousand files), since the notifications of systems differ, and miss files that an editor replaces.
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 250;
/** Folders that tests and builds write to. */
const LEFT_OUT = new Set(["node_modules", "target", ".wrangler", ".build"]);

/** Every file under `paths` with the time and size that tell whether it has changed. */
export function snapshot(paths, found = new Map()) {
  for (const path of paths) {
    // A file can go away between being listed and being looked at.
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) found.set(path, `${stat.mtimeMs} ${stat.size}`);
    else if (stat?.isDirectory()) snapshot(readdirSync(path).filter((name) => !LEFT_OUT.has(name)).map((name) => join(path, name)), found);
  }
  return found;
}

/** The paths that differ between two snapshots. */
export function changed(before, now) {
  return [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path) !== now.get(path));
}

/** Runs `node ...script` now and after each change of `paths`; what changes during a run leads to another one. Ends on Ctrl-C. */
export async function watch(paths, script) {
  let child;
  let ended = false;
  // Ctrl-C reaches the child by itself, `kill` does not.
  const end = () => {
    ended = true;
    child?.kill("SIGTERM");
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  const run = () => new Promise((resolve) => {
    child = spawn(process.execPath, script, { stdio: ["ignore", "inherit", "inherit"] });
    child.once("close", resolve).once("error", resolve);
  });
  while (!ended) {
    const before = snapshot(paths);
    await run();
    if (!ended) console.log("\nwatching for changes; Ctrl-C ends");
    let now = before;
    while (!ended) {
      await sleep(EVERY_MS);
      const next = snapshot(paths);
      const differs = changed(before, next);
      // An editor or a branch switch may still be writing: the next look has to find the same.
      if (differs.length > 0 && changed(now, next).length === 0) {
        console.log(`\n${differs.length === 1 ? differs[0] : `${differs.length} files`} changed`);
        break;
      }
      now = next;
    }
  }
}
