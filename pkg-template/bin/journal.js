// Saves the state of an emulator in a file: the whole state in lines, then a line for each change since.
import { appendFile, closeSync, fdatasync, fsync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { load, realPath } from "./data-file.js";
import { Lock } from "./lock.js";

const append = promisify(appendFile);
const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);

/** The file is compacted once its changes take more bytes than this and more than the state before them. */
const CHANGES_BYTES = 8 * 1024 * 1024;
/** How often usage counters and remembered recalls are written, in milliseconds. No response waits for them. */
const BACKGROUND_MS = 1000;

/** Writes a file of these chunks, until they are on the disk. Resolves to its bytes. */
async function writeWhole(path, chunks) {
  const file = openSync(path, "w", 0o600);
  let size = 0;
  try {
    for (const chunk of chunks) {
      await append(file, chunk);
      size += chunk.length;
    }
    await syncAll(file);
  } finally {
    closeSync(file);
  }
  return size;
}

/** Appends the changes of an emulator to a file, and compacts it. */
export class Journal {
  #emulator;
  #path;
  #lock;
  /** The file descriptor, opened for appending. */
  #file;
  /** The write that runs or ran last. */
  #last = Promise.resolve();
  /** The write that starts after it, if one is wanted. */
  #next;
  #timer;
  /** How many bytes of the file are the whole state. */
  #base = 0;
  /** How many bytes of the file are changes. */
  #changes = 0;
  /** The file is not compacted before its changes take more bytes than this. */
  #limit = CHANGES_BYTES;

  /** Whether the file existed and was not empty. */
  existed = false;

  /**
   * Locks the file and loads it into the emulator, if it exists.
   *
   * @param {import("../dist/emulator.js").ClaivEmulator} emulator made with `journal: true`
   * @param {string} name the path of the file
   * @param {{ onWait: () => void, onLost: (error: Error) => void }} callbacks `onWait` is called if it takes seconds to find out whether another
   *   process uses the file; `onLost` if another process has taken over the lock
   */
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
    const { exists, base, end, size, ended } = load(this.#emulator, this.#path, () => this.#lock.touch());
    // Loading records nothing in the journal but the imported state, which is in the file already.
    this.#emulator.takeChanges();
    this.#file = openSync(this.#path, "a", 0o600);
    this.existed = exists;
    [this.#base, this.#changes] = [base, end - base];
    // Removes an incomplete last line, so that the next change starts on a line of its own.
    if (exists && size > end) ftruncateSync(this.#file, end);
    if (!ended) {
      // The result of exportState has no line feed: without one the next change would be appended to its line.
      this.#lock.check();
      writeSync(this.#file, "\n");
      this.#base += 1;
    }
    // A small file is compacted at each start. So is one that another process may still have open: it then goes on with the old file.
    const isSmall = this.#changes > 0 && end < CHANGES_BYTES;
    if (!exists || this.#lock.contested) await this.#rewrite();
    else if (isSmall || this.#needsCompaction()) await this.#compact();
    this.#timer = setInterval(() => this.#flush(true).catch(() => {}), BACKGROUND_MS).unref();
  }

  /** Whether the changes take so much room that the file should be compacted. */
  #needsCompaction() {
    return this.#changes > Math.max(this.#base, this.#limit);
  }

  /** Resolves once every change made so far is on the disk, except those that no response waits for. Calls during a write share the next one. */
  flush() {
    return this.#flush(false);
  }

  /** `all` also writes usage counters and remembered recalls where nothing else has changed. */
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
    if (this.#needsCompaction()) await this.#compact();
  }

  /** Appends lines, and waits until they are on the disk. */
  async #append(changes) {
    if (changes === "") return;
    this.#lock.check();
    await append(this.#file, changes);
    await syncData(this.#file);
    // If the lock was lost during the write, its new owner has replaced the file, and the changes went into the old one.
    this.#lock.check();
    this.#changes += Buffer.byteLength(changes);
  }

  /** Compacts the file. Does nothing if the disk has no room for a second one. */
  async #compact() {
    try {
      await this.#rewrite();
    } catch (error) {
      if (error.code !== "ENOSPC" && error.code !== "EDQUOT" && error.code !== "EFBIG") throw error;
      // Continues with the old file; the next attempt is made once the changes have doubled.
      this.#limit = this.#changes * 2;
    }
  }

  /** Writes the whole state to a new file and renames it to the old one's name, so that at any time one of them is complete. */
  async #rewrite() {
    const chunks = this.#emulator.exportLines();
    // The exported state contains these changes. They are appended to the old file if the new one cannot be written.
    const changes = this.#emulator.takeChanges();
    const temporary = `${this.#path}.new`;
    let size;
    try {
      size = await writeWhole(temporary, chunks);
      this.#lock.check();
      // Windows does not replace an open file.
      closeSync(this.#file);
      this.#file = undefined;
      renameSync(temporary, this.#path);
    } catch (error) {
      rmSync(temporary, { force: true });
      this.#file ??= openSync(this.#path, "a", 0o600);
      this.#lock.check();
      await this.#append(changes);
      throw error;
    }
    this.#file = openSync(this.#path, "a", 0o600);
    syncFolder(dirname(this.#path));
    [this.#base, this.#changes] = [size, 0];
  }

  /** Writes all changes, closes the file and releases the lock. */
  async close() {
    clearInterval(this.#timer);
    await this.#flush(true);
    closeSync(this.#file);
    this.#lock.release();
  }
}

/** Makes a rename in this folder durable. Windows cannot open folders; a rename is durable there by itself. */
function syncFolder(path) {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
