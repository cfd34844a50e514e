// The state of an emulator in a file: a line with the whole state, then a line for each change since.
import {
  appendFile, closeSync, existsSync, fdatasync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";

const append = promisify(appendFile);
const sync = promisify(fdatasync);

export class Journal {
  #emulator;
  #file;
  #last = Promise.resolve();
  #next;

  constructor(emulator, path) {
    this.#emulator = emulator;
    this.#file = openSync(path, "a");
  }

  /** Loads the file into the emulator, if there is one, and writes it anew without its history. */
  static open(emulator, name) {
    const path = resolve(name);
    lock(path);
    if (existsSync(path)) load(emulator, readFileSync(path, "utf8"));
    // What was loaded is no change.
    emulator.takeChanges();
    replace(path, `${emulator.exportState()}\n`);
    return new Journal(emulator, path);
  }

  /**
   * Resolves once every change made so far is on the disk. Calls that come while a write is under way share the next one.
   */
  flush() {
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
    if (changes === "") return;
    await append(this.#file, changes);
    await sync(this.#file);
  }

  /** Writes what is left and lets go of the file. */
  async close() {
    await this.flush();
    closeSync(this.#file);
  }
}

/** Two processes that write one file would lose what the other was told. */
function lock(path) {
  const name = `${path}.lock`;
  const own = `${process.pid}\n`;
  try {
    writeFileSync(name, own, { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const owner = Number(readFileSync(name, "utf8"));
    if (isRunning(owner)) {
      throw new Error(`process ${owner} is using it (if that is no claiv-emulator, remove ${name}).`, { cause: error });
    }
    writeFileSync(name, own);
  }
  process.on("exit", () => rmSync(name, { force: true }));
}

/** In a container every process may have the number of the one before it: then the lock was left behind. */
function isRunning(pid) {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function load(emulator, text) {
  if (text === "") return;
  const end = text.indexOf("\n");
  if (end < 0) throw new Error("it is not a state of this emulator.");
  emulator.importState(text.slice(0, end));
  emulator.applyChanges(text.slice(end + 1));
}

/** Puts a whole file in the place of another: there is the old one or the new one at any time, never half of one. */
function replace(path, text) {
  const aside = `${path}.new`;
  const file = openSync(aside, "w", 0o600);
  try {
    let left = Buffer.from(text);
    while (left.length > 0) left = left.subarray(writeSync(file, left));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
  syncFolder(dirname(path));
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
