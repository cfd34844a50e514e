// Lists as async iterators, which wasm-bindgen cannot declare.
import { define } from "../runtime/brand.js";
import { ClaivResponseError } from "./errors.js";

/** Each iterator with the method that fetches a page, and the field of the page that has the items. */
const LISTS = [
  ["documents", "listDocuments", "documents"],
  ["collections", "listCollections", "collections"],
  ["deletionReceipts", "listDeletionReceipts", "receipts"],
];

/** A copy, so that what the caller changes later changes nothing. What cannot be copied is refused by the first page. */
function copy(value) {
  try {
    return { ...value };
  } catch {
    return value;
  }
}

/** One item after the other; a page is fetched when its first item is asked for. */
async function* pages(client, list, items, request, options) {
  const first = client[list](request, options);
  const [rest, call] = [copy(request), copy(options)];
  let page = await first;
  let offset = rest.offset ?? 0;
  for (;;) {
    const found = page[items];
    if (!Array.isArray(found)) {
      throw new ClaivResponseError(`${list} got an answer without ${items}.`, { attempts: [], mayHaveBeenApplied: false });
    }
    for (const item of found) {
      // A signal that has fired lets nothing be sent, and rejects as it does everywhere.
      if (call.signal?.aborted) await client[list](rest, call);
      yield item;
    }
    offset += found.length;
    // Not all lists tell how many there are. A page may be shorter than its limit where the service has a lower one.
    if (found.length === 0 || offset >= page.total) return;
    page = await client[list]({ ...rest, offset }, call);
  }
}

/** Adds the iterators to a prototype. `check(client)` throws for what is no client. */
export function addPages(prototype, check) {
  for (const [name, list, items] of LISTS) {
    const { [name]: value } = {
      [name](request, options) {
        check(this);
        return pages(this, list, items, request, options);
      },
    };
    define(prototype, name, { value, writable: true });
  }
}
