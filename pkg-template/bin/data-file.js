// Loads the file of --data, or an exported state, in chunks: a file may be larger than a string can be.
import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";

/** The size of a chunk. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 10;
/** The line that ends a whole state of several lines; the lines after it are changes. */
const END_OF_STATE = Buffer.from('\n{"op":"whole"}\n');

/** Resolves links, so that the file is replaced and not a link to it, and so that all names of a file have the same lock. Throws if it is not a regular file. */
export function realPath(name) {
  const path = resolve(name);
  if (!existsSync(path)) return path;
  if (!statSync(path).isFile()) throw new Error("it is no regular file.");
  return realpathSync(path);
}

/**
 * Loads a file into an emulator.
 *
 * @param {import("../dist/emulator.js").ClaivEmulator} emulator
 * @param {string} path
 * @param {() => void} [onChunk] called after each chunk
 * @returns {{ exists: boolean, base: number, end: number, size: number, ended: boolean }} whether the file exists and is not empty; how many bytes
 *   at its start are the whole state; where its last line ends that was read; its size; and whether a line feed ends that line
 * @throws {Error} that names the line that cannot be read
 */
export function load(emulator, path, onChunk = () => {}) {
  const empty = { exists: false, base: 0, end: 0, size: 0, ended: true };
  if (!existsSync(path)) return empty;
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size === 0) return empty;
    const { line: head, ended } = readLine(file);
    emulator.importState(head);
    onChunk();
    // A file without a line feed is the result of exportState.
    if (!ended) return { exists: true, base: size, end: size, size, ended };
    return { exists: true, size, ended, ...loadChanges(emulator, file, head.length + 1, onChunk) };
  } finally {
    closeSync(file);
  }
}

/** Applies the lines after the first one, chunk by chunk. An incomplete line at the end of a chunk is kept for the next one. */
function loadChanges(emulator, file, start, onChunk) {
  let [base, end, lines] = [start, start, 1];
  // Each chunk starts with the line feed before it, so that END_OF_STATE, which starts with one, is found at its start too.
  let rest = Buffer.from("\n");
  for (;;) {
    const read = readChunk(file, end - 1 + rest.length, rest.length);
    if (read.length === 0) return { base, end };
    const chunk = Buffer.concat([rest, read]);
    const last = chunk.lastIndexOf(LINE_FEED);
    const stateEnd = chunk.lastIndexOf(END_OF_STATE);
    if (stateEnd >= 0) base = end + stateEnd - 1 + END_OF_STATE.length;
    lines += apply(emulator, chunk.subarray(1, last + 1), lines);
    end += last;
    rest = chunk.subarray(last);
    onChunk();
  }
}

/** Applies changes; errors name the line of the file. `before` is how many lines of the file come before. */
function apply(emulator, bytes, before) {
  try {
    return emulator.applyChanges(bytes);
  } catch (error) {
    throw new Error(error.message.replace(/^line (\d+) of the changes/, (_, line) => `line ${before + Number(line)}`), { cause: error });
  }
}

/** Reads the first line, and whether a line feed ends it. */
function readLine(file) {
  const chunks = [];
  for (let at = 0; ; ) {
    const chunk = readChunk(file, at);
    if (chunk.length === 0) return { line: Buffer.concat(chunks), ended: false };
    const end = chunk.indexOf(LINE_FEED);
    if (end >= 0) return { line: Buffer.concat([...chunks, chunk.subarray(0, end)]), ended: true };
    chunks.push(chunk);
    at += chunk.length;
  }
}

/** Reads a chunk. It has at least as many bytes as the incomplete line before it, so that reading a long line takes linear time. */
function readChunk(file, at, atLeast = 0) {
  const chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, atLeast));
  return chunk.subarray(0, readSync(file, chunk, 0, chunk.length, at));
}
