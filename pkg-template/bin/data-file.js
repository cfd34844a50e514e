// Reads the file of --data, or an exported state, piece by piece: neither has to fit in a string.
import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";

const PIECE_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 10;
/** What stands after the lines that hold the whole state, where there are several. */
const WHOLE = Buffer.from('\n{"op":"whole"}\n');

/** The file itself: a link to it is not to be replaced, and two names of one file are to have one lock. */
export function realPath(name) {
  const path = resolve(name);
  if (!existsSync(path)) return path;
  if (!statSync(path).isFile()) throw new Error("it is no regular file.");
  return realpathSync(path);
}

/**
 * Loads a file into an emulator. Tells whether there was one, how many bytes of it hold the whole state, where the last whole line ends,
 * and its size.
 */
export function load(emulator, path, onPiece = () => {}) {
  if (!existsSync(path)) return { exists: false, base: 0, end: 0, size: 0 };
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size === 0) return { exists: false, base: 0, end: 0, size: 0 };
    const { line: head, ended } = readLine(file);
    emulator.importState(head);
    onPiece();
    // An exported state ends without a line feed: nothing can be written after it.
    if (!ended) return { exists: true, base: 0, end: size, size };
    return { exists: true, size, ...loadChanges(emulator, file, head.length + 1, onPiece) };
  } finally {
    closeSync(file);
  }
}

function loadChanges(emulator, file, start, onPiece) {
  let [base, end, lines] = [start, start, 1];
  // The line feed before belongs to a piece, as lines are sought by it.
  let rest = Buffer.from("\n");
  for (;;) {
    const read = readPiece(file, end - 1 + rest.length, rest.length);
    if (read.length === 0) return { base, end };
    const piece = Buffer.concat([rest, read]);
    const last = piece.lastIndexOf(LINE_FEED);
    const whole = piece.lastIndexOf(WHOLE);
    if (whole >= 0) base = end + whole - 1 + WHOLE.length;
    lines += apply(emulator, piece.subarray(1, last + 1), lines);
    end += last;
    rest = piece.subarray(last);
    onPiece();
  }
}

function apply(emulator, bytes, before) {
  try {
    return emulator.applyChanges(bytes);
  } catch (error) {
    throw new Error(error.message.replace(/^line (\d+) of the changes/, (_, line) => `line ${before + Number(line)}`), { cause: error });
  }
}

function readLine(file) {
  const pieces = [];
  for (let at = 0; ; ) {
    const piece = readPiece(file, at);
    if (piece.length === 0) return { line: Buffer.concat(pieces), ended: false };
    const end = piece.indexOf(LINE_FEED);
    if (end >= 0) return { line: Buffer.concat([...pieces, piece.subarray(0, end)]), ended: true };
    pieces.push(piece);
    at += piece.length;
  }
}

/** A piece, or more of the file where the line it is for is known to be longer than that. */
function readPiece(file, at, atLeast = 0) {
  const piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, atLeast));
  return piece.subarray(0, readSync(file, piece, 0, piece.length, at));
}
