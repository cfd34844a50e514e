// What the package exports: the class from wasm and the errors, and the few things that wasm-bindgen cannot declare.
import { ClaivClient } from "claiv:glue";

// Bundlers rename classes; what is printed should not.
Object.defineProperty(ClaivClient, "name", { value: "ClaivClient", configurable: true });

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
