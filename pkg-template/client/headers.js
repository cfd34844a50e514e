// Headers that the caller gives.
import { isRecord } from "./checks.js";

/**
 * The headers in a plain object, without those that are undefined. Undefined for any other value: a Headers, a list of pairs. Throws what a getter
 * throws.
 */
export function plainHeaders(value) {
  if (!isRecord(value) || Symbol.iterator in value) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined));
}

/** Throws where HTTP cannot carry a header of this name and value. */
export function checkHeader(name, value) {
  new Headers([[name, value]]);
}
