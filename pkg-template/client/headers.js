// Headers that the caller gives.
import { isRecord } from "./checks.js";

/**
 * Names and values of the headers in a plain object, without those that are undefined. Undefined for any other value: a Headers, a list of pairs.
 * Throws what a getter throws. A list, since some hosts lose a header called `__proto__` of an object.
 */
export function headerPairs(value) {
  if (!isRecord(value) || Symbol.iterator in value) return undefined;
  return Object.entries(value).filter(([, content]) => content !== undefined);
}

/** Throws where HTTP cannot carry a header of this name and value. */
export function checkHeader(name, value) {
  new Headers([[name, value]]);
}
