// Async iterators over lists, which wasm-bindgen cannot declare.
import { define } from "../runtime/own.js";
import { isClaivError } from "./error-brand.js";
import { ClaivError, ClaivResponseError } from "./errors.js";

/** Each iterator with the method that fetches a page, and the field of the page that has the items. */
const LISTS = [
  ["documents", "listDocuments", "documents"],
  ["collections", "listCollections", "collections"],
  ["deletionReceipts", "listDeletionReceipts", "receipts"],
];

/** A copy, so that what the caller changes later changes nothing. For a value that cannot be copied the call of the first page rejects. */
function copy(value) {
  try {
    return { ...value };
  } catch {
    return value;
  }
}

/** As `walk`, but with an error of the package for whatever is thrown on the way. */
async function* items(client, list, field, request, options) {
  try {
    yield* walk(client, list, field, request, options);
  } catch (thrown) {
    throw isClaivError(thrown) ? thrown : new ClaivError(`${list} was cut short by a function of the host that failed.`, { cause: thrown, attempts: [], mayHaveBeenApplied: false });
  }
}

/** Yields one item after the other. A page is fetched when its first item is asked for. */
async function* walk(client, list, field, request, options) {
  const first = client[list](request, options);
  const rest = copy(request);
  const call = copy(options);
  let page = await first;
  let offset = rest.offset ?? 0;
  for (;;) {
    const found = page[field];
    if (!Array.isArray(found)) {
      throw new ClaivResponseError(`${list} got an answer without ${field}.`, { attempts: [], mayHaveBeenApplied: false });
    }
    for (let i = 0; i < found.length; i++) {
      // With a signal that has fired the call sends nothing and rejects as any other does.
      if (call.signal?.aborted) await client[list](rest, call);
      yield found[i];
    }
    offset += found.length;
    // Not all lists have a `total`. A page may be shorter than `limit` where the service has a lower limit.
    if (found.length === 0 || offset >= page.total) return;
    page = await client[list]({ ...rest, offset }, call);
  }
}

/** Adds the iterators to a prototype. `check(client)` throws for a value that is no client. */
export function addPages(prototype, check) {
  for (const [name, list, field] of LISTS) {
    const { [name]: value } = {
      [name](request, options) {
        check(this);
        return items(this, list, field, request, options);
      },
    };
    define(prototype, name, { value, writable: true });
  }
}
