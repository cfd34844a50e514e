// Three error classes whose constructors also take the arguments of those of the service's own client, for tests that make such errors. To
// `instanceof` they are the same as the package's other classes of these names, of which the client makes its errors.
import { ClaivApiError as Api, ClaivNetworkError as Network, ClaivTimeoutError as Timeout } from "claiv:client";
import { ERROR_BRAND } from "../client/error-brand.js";
import { define } from "../runtime/own.js";

/** A subclass of the same name. `read(first, second)` returns message and fields for arguments of the service's own client, else undefined. */
function withArguments(Base, read) {
  const { name } = Base;
  const { [name]: Class } = {
    [name]: class extends Base {
      constructor(first, second) {
        const { message, fields } = read(first, second) ?? { message: first, fields: second };
        super(message, fields);
      }
    },
  };
  define(Class, ERROR_BRAND, { value: name });
  return Class;
}

/** Made of `(status, body)`. As in the errors of calls, the code is "unknown" and the request id empty where the body has none. */
export const ClaivApiError = withArguments(Api, (status, body) => {
  if (typeof status !== "number") return undefined;
  const { code = "unknown", message = `The API answered ${status}.`, request_id: requestId = "", details } = body?.error ?? {};
  return { message, fields: { status, code, requestId, details } };
});

/** Made of `(timeoutMs)`, as a timeout of the first attempt. */
export const ClaivTimeoutError = withArguments(Timeout, (timeoutMs) => {
  if (typeof timeoutMs !== "number") return undefined;
  return { message: `There was no complete answer within ${timeoutMs} ms.`, fields: { timeoutMs, scope: "attempt", elapsedMs: timeoutMs, attempt: 1 } };
});

/** Made of `(cause)`. */
export const ClaivNetworkError = withArguments(Network, (cause) => {
  if (typeof cause !== "object" || cause === null) return undefined;
  return { message: `The request did not get through: ${cause.message}.`, fields: { cause } };
});
