// The three errors whose constructors also take what those of the service's own client take, for tests that make errors. `instanceof` does
// not tell them from the package's other classes of these names, and the client makes its own errors as it always does.
import { ClaivApiError as Api, ClaivNetworkError as Network, ClaivTimeoutError as Timeout } from "claiv:client";
import { BRANDS } from "../client/brands.js";
import { define } from "../runtime/own.js";

/** The class once more; `read(first, second)` gives message and fields where the arguments are those of the service's own client. */
function alsoMadeOf(Base, read) {
  const { name } = Base;
  const { [name]: Class } = {
    [name]: class extends Base {
      constructor(first, second) {
        const { message, fields } = read(first, second) ?? { message: first, fields: second };
        super(message, fields);
      }
    },
  };
  define(Class, BRANDS, { value: name });
  return Class;
}

/** Of `(status, body)`; as in the errors of calls, the code is "unknown" and the request id empty where the body does not tell them. */
export const ClaivApiError = alsoMadeOf(Api, (status, body) => {
  if (typeof status !== "number") return undefined;
  const { code = "unknown", message = `The API answered ${status}.`, request_id: requestId = "", details } = body?.error ?? {};
  return { message, fields: { status, code, requestId, details } };
});

/** Of `(timeoutMs)`: the first attempt ran out of time. */
export const ClaivTimeoutError = alsoMadeOf(Timeout, (timeoutMs) => {
  if (typeof timeoutMs !== "number") return undefined;
  return { message: `There was no complete answer within ${timeoutMs} ms.`, fields: { timeoutMs, scope: "attempt", elapsedMs: timeoutMs, attempt: 1 } };
});

/** Of `(cause)`. */
export const ClaivNetworkError = alsoMadeOf(Network, (cause) => {
  if (typeof cause !== "object" || cause === null) return undefined;
  return { message: `The request did not get through: ${cause.message}.`, fields: { cause } };
});
