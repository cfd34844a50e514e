// Reads text from a stream in pieces, no more of it than is allowed: the body of a response, the content of a document.

const nothing = () => {};

/** Lets go of the rest. How that ends is nobody's concern, but it must not be an unhandled rejection; waiting for it can hang. */
function cancel(stream) {
  try {
    Promise.resolve(stream.cancel()).catch(nothing);
  } catch {
    // See above.
  }
}

/** Bytes that are no UTF-8 become replacement characters, as in a response's own `text()`. */
const LENIENT = {};
/** They are an error, not a text of question marks. */
const STRICT = { fatal: true };

/** So many pieces may follow each other without a turn of the event loop, in which a timeout can be told. */
const PIECES = 1000;

/** A promise of the text, or of undefined where it takes more than `most` bytes; then the stream is cancelled. */
async function readAll(reader, most, mode) {
  let bytes = 0;
  let text = "";
  let decoder;
  // Most texts come in one piece: the first is decoded when it is clear whether there is another.
  let before;
  for (let pieces = 1; ; pieces++) {
    if (pieces % PIECES === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    const { done, value } = await reader.read();
    if (before !== undefined) {
      if (done && !decoder) return typeof before === "string" ? before : new TextDecoder("utf-8", mode).decode(before);
      if (!decoder) decoder = new TextDecoder("utf-8", mode);
      text += typeof before === "string" ? before : decoder.decode(before, { stream: true });
    }
    // At the end a strict decoder throws where a character has only begun.
    if (done) return decoder ? text + decoder.decode() : text;
    bytes += value.byteLength ?? value.length;
    if (bytes > most) {
      cancel(reader);
      return undefined;
    }
    before = value;
  }
}

function reading(stream, most, mode) {
  const reader = stream.getReader();
  return { text: readAll(reader, most, mode), cancel: () => cancel(reader) };
}

/** The same for what gives its text as a whole, which is measured afterwards. */
const whole = (promise, most) =>
  ({ text: Promise.resolve(promise).then((text) => (exceeds(text, most) ? undefined : text)), cancel: nothing });

/** How many bytes of UTF-8 a text takes. */
export const byteLength = (text) => new TextEncoder().encode(text).length;

/** True for a text of more than `most` bytes of UTF-8. They are counted only where its length leaves open how many they are. */
const exceeds = (text, most) => typeof text === "string"
  && (text.length > most || (text.length * 3 > most && byteLength(text) > most));

/**
 * Begins to read a document's text from a Blob or a stream. `text` is a promise of it, or of undefined where it takes more than `most`
 * bytes; `cancel()` lets go of the rest.
 */
export function readContent(source, most) {
  if (source.getReader) return reading(source, most, STRICT);
  // The Blob of some hosts (jsdom) has no stream.
  return source.stream ? reading(source.stream(), most, STRICT) : whole(source.text(), most);
}

/**
 * Begins to read the body of a response, in the same way; undefined where somebody else has read it or holds on to it, null where there
 * is nothing that could be read. A response without a stream (a mock, an older host) is read by its `text()`, or else by its `json()`.
 */
export function readBody(response, most) {
  const { body } = response;
  if (response.bodyUsed === true || body?.locked === true) return undefined;
  if (typeof body?.getReader === "function") return reading(body, most, LENIENT);
  if (typeof response.text === "function") return whole(response.text(), most);
  if (typeof response.json !== "function") return null;
  return whole(Promise.resolve(response.json()).then((value) => JSON.stringify(value)), most);
}

/** Cancels a stream that nobody reads: it would hold its connection. Anything else is left alone. */
export function discard(stream) {
  if (typeof stream?.cancel === "function") cancel(stream);
}
