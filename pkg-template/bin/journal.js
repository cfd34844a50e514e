// The state of an emulator in a file: lines that hold it whole, then a line for each change since.
import { appendFile, closeSync, fdatasync, fsync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { load, realPath } from "./data-file.js";
import { Lock } from "./lock.js";

const append = promisify(appendFile);
const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);

/** A file is written anew once its changes take more than this and more than the rest of it. */
const CHANGES_BYTES = 8 * 1024 * 1024;
/** How often counters and the like are written, which no answer waits for. */
const MINOR_MS = 1000;

export class Journal {
  #emulator;
  #path;
  #lock;
  #file;
  #last = Promise.resolve();
  #next;
  #timer;
  /** How many bytes of the file hold the whole state, and how many the changes since. */
  #base = 0;
  #changes = 0;
  #limit = CHANGES_BYTES;

  /** Whether there was something in the file. */
  existed = false;

  /** Loads the file into the emulator, if there is one. `onWait` is called if it takes time to find out whether another uses it. */
  static async open(emulator, name, { onWait, onLost }) {
    const path = realPath(name);
    const lock = await Lock.take(`${path}.lock`, onWait);
    lock.onLost = onLost;
    try {
      const journal = new Journal(emulator, path, lock);
      await journal.#load();
      return journal;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  constructor(emulator, path, lock) {
    this.#emulator = emulator;
    this.#path = path;
    this.#lock = lock;
  }

  async #load() {
    const { exists, base, end, size } = load(this.#emulator, this.#path, () => this.#lock.touch());
    // What was loaded is no change.
    this.#emulator.takeChanges();
    this.#file = openSync(this.#path, "a", 0o600);
    this.existed = exists;
    [this.#base, this.#changes] = [base, end - base];
    // What was cut off while it was written must not run into the next line.
    if (exists && size > end) ftruncateSync(this.#file, end);
    // A small file is written anew at each start, and so is one that a process which lost the lock may still have open.
    const small = this.#changes > 0 && end < CHANGES_BYTES;
    if (!exists || this.#lock.contested) await this.#writeAnew();
    else if (small || this.#isLong()) await this.#shorten();
    this.#timer = setInterval(() => this.#flush(true).catch(() => {}), MINOR_MS).unref();
  }

  #isLong() {
    return this.#changes > Math.max(this.#base, this.#limit);
  }

  /** Resolves once every change made so far is on the disk. Calls that come while a write is under way share the next one. */
  flush() {
    return this.#flush(false);
  }

  #flush(all) {
    if (!all && !this.#emulator.hasChanges && this.#next === undefined) return this.#last;
    this.#next ??= this.#last
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        this.#last = this.#write();
        return this.#last;
      });
    return this.#next;
  }

  async #write() {
    const changes = this.#emulator.takeChanges();
    await this.#append(changes);
    if (this.#isLong()) await this.#shorten();
  }

  async #append(changes) {
    if (changes === "") return;
    this.#lock.check();
    await append(this.#file, changes);
    await syncData(this.#file);
    // Where the lock was lost in between, the new owner has a file of its own, and this one is not it.
    this.#lock.check();
    this.#changes += Buffer.byteLength(changes);
  }

  /** Writes the file anew if there is room for two. */
  async #shorten() {
    try {
      await this.#writeAnew();
    } catch (error) {
      if (error.code !== "ENOSPC" && error.code !== "EDQUOT" && error.code !== "EFBIG") throw error;
      // The old file goes on, and it is tried again once its changes have doubled.
      this.#limit = this.#changes * 2;
    }
  }

  /** Puts a file with the whole state in the place of the old one: there is one of them at any time, never half of one. */
  async #writeAnew() {
    const chunks = this.#emulator.exportLines();
    // The state has these changes. They are needed only if it cannot be written.
    const changes = this.#emulator.takeChanges();
    const aside = `${this.#path}.new`;
    const file = openSync(aside, "w", 0o600);
    let size = 0;
    try {
      for (const chunk of chunks) {
        await append(file, chunk);
        size += chunk.length;
      }
      await syncAll(file);
      closeSync(file);
      this.#lock.check();
      closeSync(this.#file);
      renameSync(aside, this.#path);
    } catch (error) {
      rmSync(aside, { force: true });
      this.#file = openSync(this.#path, "a", 0o600);
      this.#lock.check();
      await this.#append(changes);
      throw error;
    }
    this.#file = openSync(this.#path, "a", 0o600);
    syncFolder(dirname(this.#path));
    [this.#base, this.#changes] = [size, 0];
  }

  /** Writes what is left and lets go of the file. */
  async close() {
    clearInterval(this.#timer);
    await this.#flush(true);
    closeSync(this.#file);
    this.#lock.release();
  }
}

function syncFolder(path) {
  // Windows opens no folders; a rename is durable there by itself.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
