// What the package exports: the class from wasm and the errors, and the few things that wasm-bindgen cannot declare.
import { ClaivClient } from "claiv:glue";
import { ClaivResponseError } from "./errors.js";

// Bundlers rename classes; what is printed should not.
Object.defineProperty(ClaivClient, "name", { value: "ClaivClient", configurable: true });

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

for (const [name, list, items] of [
  ["documents", "listDocuments", "documents"],
  ["collections", "listCollections", "collections"],
  ["deletionReceipts", "listDeletionReceipts", "receipts"],
]) {
  const { [name]: value } = { [name](request, options) { return pages(this, list, items, request, options); } };
  Object.defineProperty(ClaivClient.prototype, name, { value, configurable: true, enumerable: false, writable: true });
}

// Freeing by hand would pull the memory from under calls in flight; closing is what is meant.
delete ClaivClient.prototype.free;
for (const [symbol, close] of [
  [Symbol.dispose, function () { this.close(); }],
  [Symbol.asyncDispose, async function () { this.close(); }],
]) {
  // Older hosts have no such symbols, and no `using` that would ask for them.
  if (symbol) Object.defineProperty(ClaivClient.prototype, symbol, { value: close, configurable: true, enumerable: false, writable: true });
}

export { ClaivClient };
export {
  ClaivError, ClaivApiError, ClaivBadRequestError, ClaivAuthenticationError, ClaivPermissionError, ClaivNotFoundError,
  ClaivConflictError, ClaivRateLimitError, ClaivServerError, ClaivTimeoutError, ClaivNetworkError, ClaivAbortError,
  ClaivValidationError, ClaivResponseError,
} from "./errors.js";
