// What claiv-memory/v6 exports: the client with V6's methods under the plain names, and the rest of the package as it is. The client's own
// file, which is imported and not bundled, has the module and the classes, so there is one of each whoever imports both entries.
import { ClaivClient as Client } from "claiv:client";
import { apply, define } from "../runtime/own.js";

const METHODS = { ingest: "ingestV6", ingestMany: "ingestManyV6", recall: "recallV6", forget: "forgetV6", feedback: "feedbackV6" };

// The key names the class, whatever a minifier calls it.
const { ClaivClient } = { ClaivClient: class extends Client {} };

// The same functions, not functions that call them: so a call near the end of the stack, or without a client, fails in the same way.
for (const name in METHODS) define(ClaivClient.prototype, name, { value: Client.prototype[METHODS[name]], writable: true });

// Called without a class, it makes a client of this entry.
define(ClaivClient, "fromEnv", {
  value(env, options) {
    return apply(Client.fromEnv, typeof this === "function" ? this : ClaivClient, [env, options]);
  },
  writable: true,
});

export { ClaivClient };
export { ClaivApiError, ClaivNetworkError, ClaivTimeoutError } from "./errors.js";
export {
  ClaivError, ClaivBadRequestError, ClaivAuthenticationError, ClaivPermissionError, ClaivNotFoundError, ClaivConflictError,
  ClaivRateLimitError, ClaivServerError, ClaivAbortError, ClaivValidationError, ClaivResponseError,
} from "claiv:client";
