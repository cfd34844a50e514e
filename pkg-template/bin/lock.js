// A lock file beside the data file, so that only one process uses it. The owner writes its identity into the lock and updates the modification time
// regularly (a heartbeat), by which processes of other machines and containers see that it is alive.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** How often the owner updates the modification time, in milliseconds. */
const HEARTBEAT_MS = 2000;
/** A lock without a heartbeat for this long is stale, in milliseconds. */
const STALE_MS = 10_000;
/** How often a lock is checked for a heartbeat, in milliseconds. */
const POLL_MS = 200;

/** Thrown when another process has taken over the lock, or it was removed. */
export class LockLost extends Error {
  name = "LockLost";
}

/** The locks of this process, which are released when it ends: by one listener, however many there are. */
const held = new Set();
const releaseAll = () => held.forEach((lock) => lock.release());

/** A lock that this process holds. */
export class Lock {
  #path;
  /** The content of the lock file, which no other lock has. */
  #text;
  #heartbeat;

  /**
   * Whether the former owner may still run and believe that it holds the lock: it is on another machine or in another container, and all that is
   * known of it is that its heartbeat stopped.
   */
  contested = false;

  /** Called by the heartbeat with an error when the lock was lost. */
  onLost = () => {};

  /**
   * Takes the lock, also a stale one; throws an error that names the owner if another process holds it. `onWait` is called if it takes up to ten
   * seconds to find out.
   */
  static async take(path, onWait = () => {}) {
    const lock = new Lock(path);
    await lock.#take(onWait);
    if (held.size === 0) process.on("exit", releaseAll);
    held.add(lock);
    lock.#heartbeat = setInterval(() => lock.#tick(), HEARTBEAT_MS).unref();
    return lock;
  }

  constructor(path) {
    this.#path = path;
    this.#text = `${JSON.stringify({ pid: process.pid, place: place(), started: startOf(process.pid), token: randomUUID() })}\n`;
  }

  /** Tries to create the lock until it succeeds or the owner of an existing one is found to be alive. */
  async #take(onWait) {
    let seen;
    for (;;) {
      if (this.#create(this.#path)) return;
      const now = readLock(this.#path);
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
          await sleep(POLL_MS);
          continue;
        }
      }
      if (await this.#takeOver(now.text)) {
        this.contested = state === "unknown";
        return;
      }
    }
  }

  /**
   * Replaces a stale lock with this content; returns false if it has changed. Several processes may find the same lock stale, so each must hold a
   * second lock while it replaces the first.
   */
  async #takeOver(text) {
    const second = `${this.#path}.taking`;
    if (!this.#create(second)) {
      const now = readLock(second);
      const since = performance.now();
      while (now !== undefined && readLock(second)?.text === now.text) {
        if (stateOf(now.owner) === "dead" || performance.now() - since > STALE_MS) remove(second);
        else await sleep(POLL_MS / 10);
      }
      return false;
    }
    try {
      if (readLock(this.#path)?.text !== text) return false;
      remove(this.#path);
      return this.#create(this.#path);
    } finally {
      remove(second);
    }
  }

  /** Creates a lock file with its whole content in one step; returns false if there is one. */
  #create(path) {
    const temporary = `${path}.${process.pid}.${randomUUID()}`;
    writeFileSync(temporary, this.#text, { flag: "wx", mode: 0o600 });
    try {
      linkSync(temporary, path);
      return true;
    } catch (error) {
      if (error.code === "EEXIST") return false;
      // Some file systems have no hard links.
      return createWithoutLink(path, this.#text);
    } finally {
      remove(temporary);
    }
  }

  /** Throws LockLost if this process does not hold the lock any more. */
  check() {
    if (readLock(this.#path)?.text !== this.#text) {
      throw new LockLost("another process has taken it over, while this one was stopped or could not be seen.");
    }
  }

  /** Sends a heartbeat. Throws LockLost if this process does not hold the lock any more. */
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

  /** Stops the heartbeat and removes the lock, if this process still holds it. */
  release() {
    clearInterval(this.#heartbeat);
    if (held.delete(this) && held.size === 0) process.off("exit", releaseAll);
    if (readLock(this.#path)?.text === this.#text) remove(this.#path);
  }
}

/** Creates a lock file where hard links are not available; another process may see it before its content is written. */
function createWithoutLink(path, text) {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The content, the owner and the modification time of a lock; undefined if there is none. */
function readLock(path) {
  try {
    const text = readFileSync(path, "utf8");
    return { text, owner: ownerOf(text), touched: statSync(path).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The owner that a lock names. Earlier versions wrote only the process id. */
function ownerOf(text) {
  try {
    const owner = JSON.parse(text);
    if (Number.isInteger(owner)) return { pid: owner, place: place() };
    return typeof owner === "object" && owner !== null ? owner : {};
  } catch {
    return {};
  }
}

/** Whether the owner is "alive" or "dead"; "unknown" if it is on another machine or in another container. */
function stateOf({ pid, place: where, started }) {
  if (where !== place() || !Number.isInteger(pid) || pid <= 0) return "unknown";
  // The process id is this process's own, or belongs to a process that started later: it was reused, as after a container was restarted.
  if (pid === process.pid || (started !== undefined && startOf(pid) !== started)) return "dead";
  try {
    process.kill(pid, 0);
    return "alive";
  } catch (error) {
    return error.code === "EPERM" ? "alive" : "dead";
  }
}

/** The error for a lock that another process holds. */
function inUse({ pid, place: where }, path) {
  const who = `process ${pid ?? "(unknown)"}${where === place() ? "" : " of another machine or container"}`;
  return new Error(`${who} is using it (if that is no claiv-emulator, remove ${path}).`);
}

/** Identifies where process ids are comparable: the boot of the machine and the PID namespace; the host name where there is no /proc. */
function place() {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** When a process was started, in clock ticks since boot (field 22 of /proc/<pid>/stat); undefined where there is no /proc. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Starts after the name of the program, which is in parentheses and may contain any character.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Removes a file, if it exists. */
function remove(path) {
  try {
    unlinkSync(path);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
