// One process at a time: a lock file beside the data, which says whose it is and is touched by its owner as long as that lives.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** How often a lock is touched. */
const BEAT_MS = 2000;
/** A lock that nobody touched for so long was left behind. */
const STALE_MS = 10_000;
/** How often a lock is looked at while it is not known whether its owner lives. */
const LOOK_MS = 200;

/** The lock is another's, or gone. */
export class LockLost extends Error {
  name = "LockLost";
}

/** The locks of this process, which are released when it ends: by one listener, however many there are. */
const held = new Set();
const releaseAll = () => held.forEach((lock) => lock.release());

export class Lock {
  #path;
  #text;
  #beat;

  /** Whether another process may believe that it still has the lock: one that was stopped, or in another container. */
  contested = false;

  /** Called once the lock is found to be lost. */
  onLost = () => {};

  /** Takes the lock; fails if another process has it. `onWait` is called if it takes longer to find out. */
  static async take(path, onWait = () => {}) {
    const lock = new Lock(path);
    await lock.#take(onWait);
    if (held.size === 0) process.on("exit", releaseAll);
    held.add(lock);
    lock.#beat = setInterval(() => lock.#tick(), BEAT_MS).unref();
    return lock;
  }

  constructor(path) {
    this.#path = path;
    this.#text = `${JSON.stringify({ pid: process.pid, place: place(), started: startOf(process.pid), token: randomUUID() })}\n`;
  }

  async #take(onWait) {
    let seen;
    for (;;) {
      if (this.#put(this.#path)) return;
      const now = look(this.#path);
      if (now === undefined) continue;
      const state = stateOf(now.owner);
      if (state === "alive") throw inUse(now.owner, this.#path);
      if (state === "unknown") {
        if (seen === undefined) {
          seen = { ...now, since: performance.now() };
          onWait();
        }
        if (seen.text !== now.text) seen = { ...now, since: performance.now() };
        if (seen.touched !== now.touched) throw inUse(now.owner, this.#path);
        if (performance.now() - seen.since < STALE_MS) {
          await sleep(LOOK_MS);
          continue;
        }
      }
      if (await this.#takeOver(now.text)) {
        this.contested = state === "unknown";
        return;
      }
    }
  }

  /** Several may find the same lock left behind: only who holds a second lock may replace the first. */
  async #takeOver(text) {
    const second = `${this.#path}.taking`;
    if (!this.#put(second)) {
      const now = look(second);
      const since = performance.now();
      while (now !== undefined && look(second)?.text === now.text) {
        if (stateOf(now.owner) === "dead" || performance.now() - since > STALE_MS) remove(second);
        else await sleep(LOOK_MS / 10);
      }
      return false;
    }
    try {
      if (look(this.#path)?.text !== text) return false;
      remove(this.#path);
      return this.#put(this.#path);
    } finally {
      remove(second);
    }
  }

  /** Puts the lock there with all that it says at once, unless there is one. */
  #put(path) {
    const aside = `${path}.${process.pid}.${randomUUID()}`;
    writeFileSync(aside, this.#text, { flag: "wx", mode: 0o600 });
    try {
      linkSync(aside, path);
      return true;
    } catch (error) {
      if (error.code === "EEXIST") return false;
      // Not every file system has hard links.
      return putPlainly(path, this.#text);
    } finally {
      remove(aside);
    }
  }

  /** Fails if the lock is not this process's any more. */
  check() {
    if (look(this.#path)?.text !== this.#text) {
      throw new LockLost("another process has taken it over, while this one was stopped or could not be seen.");
    }
  }

  /** Says that this process lives. Fails if the lock is not its own any more. */
  touch() {
    this.check();
    const now = new Date();
    utimesSync(this.#path, now, now);
  }

  #tick() {
    try {
      this.touch();
    } catch (error) {
      this.onLost(error);
    }
  }

  release() {
    clearInterval(this.#beat);
    if (held.delete(this) && held.size === 0) process.off("exit", releaseAll);
    if (look(this.#path)?.text === this.#text) remove(this.#path);
  }
}

function putPlainly(path, text) {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function look(path) {
  try {
    const text = readFileSync(path, "utf8");
    return { text, owner: ownerOf(text), touched: statSync(path).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Earlier versions wrote the number of their process only. */
function ownerOf(text) {
  try {
    const owner = JSON.parse(text);
    if (Number.isInteger(owner)) return { pid: owner, place: place() };
    return typeof owner === "object" && owner !== null ? owner : {};
  } catch {
    return {};
  }
}

/** Whether the owner lives. Of another machine or container that cannot be seen. */
function stateOf({ pid, place: where, started }) {
  if (where !== place() || !Number.isInteger(pid) || pid <= 0) return "unknown";
  // The number is this process's own, or was given anew, as in a container that was started again.
  if (pid === process.pid || (started !== undefined && startOf(pid) !== started)) return "dead";
  try {
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    return error.code === "EPERM" ? "alive" : "dead";
  }
}

function inUse({ pid, place: where }, path) {
  const who = `process ${pid ?? "(unknown)"}${where === place() ? "" : " of another machine or container"}`;
  return new Error(`${who} is using it (if that is no claiv-emulator, remove ${path}).`);
}

/** Where process numbers mean the same: the machine since it was started, and the namespace of a container. */
function place() {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** When a process was started, by a clock of the kernel's own. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, which can hold anything, stands in brackets before.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function remove(path) {
  try {
    unlinkSync(path);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
