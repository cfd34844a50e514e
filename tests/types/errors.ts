// Errors narrow by instanceof, in the branch that is taken and in the one that is not.
import {
  ClaivAbortError,
  ClaivApiError,
  ClaivAuthenticationError,
  ClaivBadRequestError,
  ClaivClient,
  ClaivConflictError,
  ClaivError,
  ClaivNetworkError,
  ClaivNotFoundError,
  ClaivPermissionError,
  ClaivRateLimitError,
  ClaivResponseError,
  ClaivServerError,
  ClaivTimeoutError,
  ClaivValidationError,
  type ClaivAttempt,
  type ClaivErrorCode,
  type ClaivErrorFields,
  type ClaivValidationIssue,
} from "claiv-memory";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => {};

type Leaf =
  | ClaivBadRequestError | ClaivAuthenticationError | ClaivPermissionError | ClaivNotFoundError | ClaivConflictError
  | ClaivRateLimitError | ClaivServerError;
type Any_ = ClaivApiError | ClaivTimeoutError | ClaivNetworkError | ClaivAbortError | ClaivValidationError | ClaivResponseError;

export function describe(error: unknown): string {
  if (!(error instanceof ClaivError)) return String(error);
  const fields: ClaivErrorFields = error;
  const attempts: ClaivAttempt[] = fields.attempts ?? [];
  const applied: boolean | undefined = error.mayHaveBeenApplied;
  const key: string | undefined = error.idempotencyKey;
  const plain: Record<string, unknown> = error.toJSON();
  const summary: string = `${attempts.map(({ status, requestId, durationMs, error: why }) => [status, requestId, durationMs, why])}${applied}${key}`;
  if (error instanceof ClaivApiError) {
    const code: ClaivErrorCode = error.code;
    const seen: [number, string, unknown, Headers, number | undefined] = [error.status, error.requestId, error.details, error.headers, error.retryAfterMs];
    if (error instanceof ClaivRateLimitError) {
      const status: 429 = error.status;
      return `${status} ${error.retryAfterMs ?? 0}`;
    }
    holds<Same<typeof error, ClaivApiError>>();
    return `${code} ${seen.length}`;
  }
  if (error instanceof ClaivTimeoutError) {
    const scope: "attempt" | "total" | "host" = error.scope;
    return `${scope} ${error.timeoutMs + error.elapsedMs + error.attempt}`;
  }
  if (error instanceof ClaivAbortError) {
    const name: "AbortError" = error.name;
    const reason: unknown = error.cause;
    return `${name} ${String(reason)}`;
  }
  if (error instanceof ClaivValidationError) {
    const issues: ClaivValidationIssue[] = error.issues;
    return issues.map(({ path, message }) => `${path.trim()} ${message.trim()}`).join();
  }
  if (error instanceof ClaivResponseError) {
    const headers: Headers | undefined = error.headers;
    const location: string | undefined = error.location;
    return `${error.status.toFixed()} ${error.excerpt.trim()} ${error.requestId.trim()} ${headers?.get("x")} ${location}`;
  }
  if (error instanceof ClaivNetworkError) return String(error.cause);
  // After all that is left the base itself is still there, and is not never.
  holds<Same<typeof error, ClaivError>>();
  return `${error.message} ${summary} ${Object.keys(plain).join()}`;
}

// Each class of a union can be told from all others: what is left after one is the rest.
export function rest(error: Any_): void {
  if (error instanceof ClaivNetworkError) holds<Same<typeof error, ClaivNetworkError>>();
  else holds<Same<typeof error, Exclude<Any_, ClaivNetworkError>>>();
  if (error instanceof ClaivTimeoutError) holds<Same<typeof error, ClaivTimeoutError>>();
  else holds<Same<typeof error, Exclude<Any_, ClaivTimeoutError>>>();
  if (error instanceof ClaivAbortError) holds<Same<typeof error, ClaivAbortError>>();
  else holds<Same<typeof error, Exclude<Any_, ClaivAbortError>>>();
  if (error instanceof ClaivValidationError) holds<Same<typeof error, ClaivValidationError>>();
  else holds<Same<typeof error, Exclude<Any_, ClaivValidationError>>>();
  if (error instanceof ClaivResponseError) holds<Same<typeof error, ClaivResponseError>>();
  else holds<Same<typeof error, Exclude<Any_, ClaivResponseError>>>();
  if (error instanceof ClaivApiError) holds<Same<typeof error, ClaivApiError>>();
  else holds<Same<typeof error, Exclude<Any_, ClaivApiError>>>();
}

export function leaves(error: Leaf): number {
  if (error instanceof ClaivBadRequestError) return error.status satisfies 400;
  if (error instanceof ClaivAuthenticationError) return error.status satisfies 401;
  if (error instanceof ClaivPermissionError) return error.status satisfies 403;
  if (error instanceof ClaivNotFoundError) return error.status satisfies 404;
  if (error instanceof ClaivConflictError) return error.status satisfies 409;
  if (error instanceof ClaivRateLimitError) return error.status satisfies 429;
  holds<Same<typeof error, ClaivServerError>>();
  return error.status;
}

/** One may also narrow by name, as across workers, where a class does not survive. */
export function byName(error: Leaf): number {
  return error.name === "ClaivNotFoundError" ? (error.status satisfies 404) : 0;
}

// All are Errors and can be made by hand, say in tests of one's own.
export const made: Error[] = [
  new ClaivError("m"),
  new ClaivError("m", { cause: 1, anything: 2 }),
  new ClaivApiError("m", { status: 418, code: "teapot", requestId: "r", details: {}, headers: new Headers(), retryAfterMs: 5 }),
  new ClaivRateLimitError("m", { retryAfterMs: 5, attempts: [{ durationMs: 1 }] }),
  new ClaivTimeoutError("m", { timeoutMs: 5, scope: "total", elapsedMs: 5, attempt: 1 }),
  new ClaivNetworkError("m", { cause: new TypeError("fetch failed"), mayHaveBeenApplied: true }),
  new ClaivAbortError("m", { cause: "why" }),
  new ClaivValidationError("m", { issues: [{ path: "p", message: "m" }] }),
  new ClaivResponseError("m", { status: 200, excerpt: "<html>", requestId: "", location: "https://x" }),
];

export class Mine extends ClaivApiError {
  constructor(readonly extra: number) {
    super("mine", { status: 499 });
  }
}

export async function caught(client: ClaivClient): Promise<number> {
  try {
    return (await client.recall({ user_id: "u", task: "t", token_budget: 200 })).token_estimate;
  } catch (error) {
    // @ts-expect-error what is caught is unknown until it is narrowed
    console.log(error.message);
    if (error instanceof ClaivApiError) {
      // @ts-expect-error fields of errors are not to be written
      error.status = 5;
      return error.status;
    }
    throw error;
  }
}

// @ts-expect-error a message is required
new ClaivError();
// @ts-expect-error a limit is a number
new ClaivTimeoutError("m", { timeoutMs: "5" });
