// One build at a time in a checkout: two would write the same files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { at } from "./project.mjs";

const file = () => at(".build/lock");

/** The process that holds the lock, if it is still alive; one that was killed leaves its file behind. */
function holder() {
  try {
    const pid = Number(readFileSync(file(), "utf8"));
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

export async function withLock(work) {
  mkdirSync(at(".build"), { recursive: true });
  for (let announced = false; ; ) {
    try {
      writeFileSync(file(), String(process.pid), { flag: "wx" });
      break;
    } catch {
      const pid = holder();
      if (pid === undefined) {
        // The writer may have made the file and not yet written its process id into it.
        await sleep(100);
        if (holder() === undefined) rmSync(file(), { force: true });
        continue;
      }
      if (!announced) console.log(`build: another build is running (process ${pid}); waiting for it`);
      announced = true;
      await sleep(200);
    }
  }
  process.once("exit", () => rmSync(file(), { force: true }));
  return work();
}
