// Tells failures apart by class and by their fields. As tests do, it also makes errors itself.
import { ClaivApiError, ClaivClient, ClaivError, ClaivNetworkError, ClaivTimeoutError } from "service-client";

export function describe(error: unknown): string {
  if (error instanceof ClaivApiError) {
    if (error.status === 401) return "sign in";
    if (error.code === "quota_exceeded") return `later (${error.requestId ? "with" : "without"} a request id)`;
    return `${error.status} ${error.code}`;
  }
  if (error instanceof ClaivTimeoutError) return "too slow";
  if (error instanceof ClaivNetworkError) return "offline";
  if (error instanceof ClaivError) return `something else: ${error.name}`;
  throw error;
}

/** The description of the error of a call whose client has this `fetch`. */
export async function describeFailure(fetch: typeof globalThis.fetch, timeout = 10_000): Promise<string> {
  const claiv = new ClaivClient({ apiKey: "a-key", fetch, timeout, maxRetries: 0 });
  try {
    await claiv.recall({ user_id: "u", conversation_id: "c", query: "Who am I?" });
    return "nothing";
  } catch (error) {
    return describe(error);
  }
}

/** The descriptions of errors that a test made, and their fields. */
export function made(): string[] {
  const body = { error: { code: "quota_exceeded", message: "The quota is used up.", request_id: "req_1", details: { retry_after: 3 } } };
  const errors = [new ClaivApiError(429, body), new ClaivTimeoutError(500), new ClaivNetworkError(new Error("ECONNRESET")), new ClaivError("odd")];
  const [api] = errors;
  if (!(api instanceof ClaivApiError)) throw new Error("it is no ClaivApiError");
  return [...errors.map(describe), `${api.name}: ${api.message}`, JSON.stringify([api.status, api.code, api.requestId, api.details])];
}
