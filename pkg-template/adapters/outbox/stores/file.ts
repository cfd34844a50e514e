/// <reference types="node" />
import { createHash } from "node:crypto";
import { closeSync, existsSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, realpathSync, renameSync, rmSync, write, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { Lock } from "../../../bin/lock.js";
import { failure } from "../errors.js";
import { never } from "../host.js";
import { Mutex } from "../mutex.js";
import type { OutboxStore } from "../types.js";

const writeSome = promisify(write);
const sync = promisify(fdatasync);

/** A file is written anew once it is longer than this and twice as long as what is left in it. */
const SHORTEN_BYTES = 1024 * 1024;

/** The stores that this process has open, by path: the lock file tells processes apart only. */
const open = new Set<string>();

/** A change: an entry that was added, or numbers that were removed. */
type Change = readonly ["add", number, unknown] | readonly ["remove", readonly number[]];

const checksum = (json: string) => createHash("sha256").update(json).digest("hex").slice(0, 16);
const lineOf = (json: string) => `${checksum(json)} ${json}\n`;
/** The line of an entry whose value is JSON already. */
const lineOfAdded = (id: number, json: string) => lineOf(`["add",${id},${json}]`);

function readLine(line: string): Change | undefined {
  const json = line.slice(17);
  if (line.slice(0, 16) !== checksum(json)) return undefined;
  return JSON.parse(json) as Change;
}

/** An open journal. */
class Journal {
  readonly #path: string;
  readonly #lock: Lock;
  readonly #values = new Map<number, string>();
  #file: number;
  /** Bytes that are whole lines. */
  #size = 0;
  /** Of those, how many are of entries that are still there. */
  #live = 0;
  #last = 0;
  /** How many are being added. */
  #adding = 0;
  #shortenAt = SHORTEN_BYTES;
  #queue: { line: string; apply: () => void; reject: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;

  static async open(given: string): Promise<Journal> {
    const path = existsSync(given) ? realpathSync(given) : join(realpathSync(dirname(given)), basename(given));
    if (open.has(path)) throw failure(`${path} is in use: this process has another outbox on it. Close that one first.`);
    open.add(path);
    try {
      const lock = await Lock.take(`${path}.lock`).catch((error: unknown) => {
        throw failure(`${path} is in use: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
      try {
        return new Journal(path, lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    } catch (error) {
      open.delete(path);
      throw error;
    }
  }

  private constructor(path: string, lock: Lock) {
    this.#path = path;
    this.#lock = lock;
    const isNew = !existsSync(path);
    this.#file = openSync(path, "a+", 0o600);
    if (isNew) syncFolder(path);
    const damaged = this.#load(readFileSync(path));
    // What was cut off while it was written was never told to be durable. A whole line after it must not run into it.
    if (fstatSync(this.#file).size > this.#size) ftruncateSync(this.#file, this.#size);
    if (damaged.length > 0) {
      for (const line of damaged) this.#values.set(++this.#last, JSON.stringify({ unreadable: line }));
      this.#writeAnew();
    }
  }

  /** Gives the lines that cannot be read. */
  #load(bytes: Buffer): string[] {
    const damaged: string[] = [];
    this.#size = bytes.lastIndexOf(10) + 1;
    for (const line of bytes.toString("utf8", 0, this.#size).split("\n").slice(0, -1)) {
      let change: Change | undefined;
      try {
        change = readLine(line);
      } catch {
        // No JSON in spite of its checksum: as damaged as any.
      }
      if (!change) damaged.push(line);
      else if (change[0] === "add") {
        this.#last = Math.max(this.#last, change[1]);
        this.#put(change[1], JSON.stringify(change[2]));
      } else this.#take(change[1]);
    }
    return damaged;
  }

  #put(id: number, json: string): void {
    this.#values.set(id, json);
    this.#live += json.length;
  }

  #take(ids: readonly number[]): void {
    for (const id of ids) {
      this.#live -= this.#values.get(id)?.length ?? 0;
      this.#values.delete(id);
    }
  }

  async add(json: string, most: number): Promise<number | undefined> {
    if (this.#values.size + this.#adding >= most) return undefined;
    const id = ++this.#last;
    this.#adding += 1;
    let isThere = false;
    try {
      await this.#append(lineOfAdded(id, json), () => {
        isThere = true;
        this.#adding -= 1;
        this.#put(id, json);
      });
    } finally {
      if (!isThere) this.#adding -= 1;
    }
    return id;
  }

  list(after: number, limit: number): { id: number; value: unknown }[] {
    const found = [];
    // The one before it is sent: there may be thousands before it that wait.
    const next = limit === 1 ? this.#values.get(after + 1) : undefined;
    if (next !== undefined) return [{ id: after + 1, value: JSON.parse(next) as unknown }];
    for (const [id, json] of this.#values) {
      if (found.length >= limit) break;
      if (id > after) found.push({ id, value: JSON.parse(json) as unknown });
    }
    return found;
  }

  async remove(ids: readonly number[]): Promise<void> {
    const there = ids.filter((id) => this.#values.has(id));
    if (there.length === 0) return;
    await this.#append(lineOf(JSON.stringify(["remove", there])), () => this.#take(there));
  }

  /** Resolves once the line is on the disk. Lines that come while others are being written share the next write. */
  #append(line: string, apply: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ line, apply: () => { apply(); resolve(); }, reject });
      this.#writing ??= this.#writeQueue();
    });
  }

  async #writeQueue(): Promise<void> {
    // Whoever adds in this same turn is in the first write.
    await undefined;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0);
      if (await this.#write(batch.map(({ line }) => line).join("")).then(() => true, () => false)) {
        for (const { apply } of batch) apply();
      } else {
        // Some of them may fit: each by itself.
        for (const { line, apply, reject } of batch) await this.#write(line).then(apply, reject);
      }
      this.#shorten();
    }
    this.#writing = undefined;
  }

  async #write(lines: string): Promise<void> {
    this.#lock.check();
    const bytes = Buffer.from(lines);
    try {
      for (let at = 0; at < bytes.length;) at += (await writeSome(this.#file, bytes, at)).bytesWritten;
      await sync(this.#file);
    } catch (error) {
      // Half a line must not stay: the next would run into it.
      ftruncateSync(this.#file, this.#size);
      throw error;
    }
    this.#lock.check();
    this.#size += bytes.length;
  }

  /** Gives back what entries that are gone take up. Where that cannot be done now, it is tried again later. */
  #shorten(): void {
    if (this.#values.size === 0 && this.#queue.length === 0 && this.#size > SHORTEN_BYTES) {
      this.#lock.check();
      ftruncateSync(this.#file, 0);
      fsyncSync(this.#file);
      this.#size = 0;
    } else if (this.#size > Math.max(this.#shortenAt, this.#live * 2)) {
      try {
        this.#writeAnew();
        this.#shortenAt = SHORTEN_BYTES;
      } catch {
        this.#shortenAt = this.#size * 2;
      }
    }
  }

  /** Puts a file with what is left in the place of the old one: there is one of them at any time, never half of one. */
  #writeAnew(): void {
    const aside = `${this.#path}.new`;
    const lines = [...this.#values].map(([id, json]) => lineOfAdded(id, json)).join("");
    const file = openSync(aside, "w", 0o600);
    try {
      writeAll(file, lines);
      fsyncSync(file);
      this.#lock.check();
      renameSync(aside, this.#path);
    } catch (error) {
      closeSync(file);
      rmSync(aside, { force: true });
      throw error;
    }
    closeSync(file);
    closeSync(this.#file);
    this.#file = openSync(this.#path, "a", 0o600);
    syncFolder(this.#path);
    this.#size = Buffer.byteLength(lines);
  }

  async close(): Promise<void> {
    await this.#writing;
    closeSync(this.#file);
    this.#lock.release();
    open.delete(this.#path);
  }
}

function writeAll(file: number, lines: string): void {
  const bytes = Buffer.from(lines);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function syncFolder(path: string): void {
  // Windows opens no folders; a rename is durable there by itself.
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** See no-file.ts, whose declaration users get. */
export function fileStore(path: string): OutboxStore {
  if (typeof path !== "string" || path === "") throw failure(`fileStore needs the path of a file, not ${String(path)}.`);
  const mutex = new Mutex();
  let opened: Promise<Journal> | undefined;
  const journal = () =>
    (opened ??= Journal.open(path).catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));
  return {
    async add(value, most) {
      // As it is now, whatever happens to it while the file is being opened.
      const json = JSON.stringify(value);
      return (await journal()).add(json, most);
    },
    list: async (after, limit) => (await journal()).list(after, limit),
    remove: async (ids) => (await journal()).remove(ids),
    lock: (work, signal) => mutex.run(async () => {
      await journal();
      return work(never());
    }, signal),
    async close() {
      const last = opened;
      opened = undefined;
      await (await last?.catch(() => undefined))?.close();
    },
  };
}
