// Reads text from a stream in pieces, no more of it than is allowed: the body of a response, the content of a document.

import { turn } from "./turn.js";
import { ignore } from "./waits.js";

/** Cancels the rest of a stream. Its promise is not waited for, which could take for ever, and its rejection is ignored. */
function cancel(stream) {
  try {
    ignore(stream.cancel());
  } catch {
    // A foreign stream that cannot be cancelled.
  }
}

/** Bytes that are no UTF-8 become replacement characters, as in a response's own `text()`. */
const LENIENT = {};
/** Bytes that are no UTF-8 are an error. */
const STRICT = { fatal: true };

/** The most pieces that are read without a turn of the event loop, in which a timeout can fire. */
const PIECES_PER_TURN = 1000;

/** A promise of the text, or of undefined where it takes more than `most` bytes; then the stream is cancelled. */
async function readAll(reader, most, mode) {
  const decoder = new TextDecoder("utf-8", mode);
  let bytes = 0;
  let text = "";
  // The piece before. Most texts have only one, which hosts decode faster where they know that it is the last.
  let piece;
  for (let pieces = 1; ; pieces++) {
    if (pieces % PIECES_PER_TURN === 0) await turn();
    const { done, value } = await reader.read();
    if (piece !== undefined) text += typeof piece === "string" ? piece : decoder.decode(piece, { stream: !done });
    // A strict decoder throws here where a character is incomplete.
    if (done) return text + decoder.decode();
    bytes += value.byteLength ?? value.length;
    if (bytes > most) {
      cancel(reader);
      return undefined;
    }
    piece = value;
  }
}

function readStream(stream, most, mode) {
  const reader = stream.getReader();
  return { text: readAll(reader, most, mode), cancel: () => cancel(reader) };
}

/** True for a text of more than `most` bytes of UTF-8. They are counted only where its length leaves that open. */
export const exceeds = (text, most) => typeof text === "string"
  && (text.length > most || (text.length * 3 > most && new TextEncoder().encode(text).length > most));

/** The same for a text that comes as a whole: it is measured afterwards, and cannot be cancelled. */
const readWhole = (promise, most) =>
  ({ text: Promise.resolve(promise).then((text) => (exceeds(text, most) ? undefined : text)), cancel() {} });

/**
 * Begins to read the content of a document from a Blob or a stream. `text` is a promise of it, or of undefined where it takes more than `most`
 * bytes; `cancel()` cancels the rest.
 */
export function readContent(source, most) {
  if (source.getReader) return readStream(source, most, STRICT);
  // The Blob of some hosts (jsdom) has no stream.
  return source.stream ? readStream(source.stream(), most, STRICT) : readWhole(source.text(), most);
}

/**
 * Begins to read the body of a response, in the same way. Undefined for a body that has already been read or is locked, null for a response
 * that cannot be read. A response without a stream (a mock, an older host) is read by its `text()`, or else by its `json()`.
 */
export function readBody(response, most) {
  const { body } = response;
  if (response.bodyUsed === true || body?.locked === true) return undefined;
  if (typeof body?.getReader === "function") return readStream(body, most, LENIENT);
  if (typeof response.text === "function") return readWhole(response.text(), most);
  if (typeof response.json !== "function") return null;
  return readWhole(Promise.resolve(response.json()).then((value) => JSON.stringify(value)), most);
}

/** Cancels a stream that will not be read, since it would hold its connection. Does nothing for any other value. */
export function discard(stream) {
  if (typeof stream?.cancel === "function") cancel(stream);
}
