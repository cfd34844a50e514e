import { failure } from "../errors.js";
import type { OutboxStore } from "../types.js";

/**
 * A store in a file: in Node, Bun and Deno. One process at a time has the file; another one's calls reject until it is closed.
 *
 * Each event is on the disk (fsync) when `ingest` resolves. The file is a journal: it is only appended to, and written anew, beside the
 * old one, once most of it is of events that are gone.
 *
 * @param path - of the file; it is made where there is none. Its folder must exist.
 */
export function fileStore(path: string): OutboxStore {
  throw failure(`fileStore(${JSON.stringify(path)}) needs Node, Bun or Deno: there are no files here.`);
}
