/** One attempt of a call. */
export interface ClaivAttempt {
  /** HTTP status, when a response came. */
  status?: number;
  /** The server's request id, when it gave one. */
  requestId?: string;
  /** Milliseconds from the call of fetch to the attempt's end. */
  durationMs: number;
  /** What went wrong, in one sentence. Absent for the attempt that succeeded. */
  error?: string;
}

/** What every error of a call can carry. */
export interface ClaivErrorFields {
  /** The attempts that were made, in order. Empty when nothing was sent. */
  attempts?: ClaivAttempt[] | undefined;
  /** Whether the server may have acted on the request. `false` only where that is certain. */
  mayHaveBeenApplied?: boolean | undefined;
  /** The key that an ingest carried: send it again with the same key and nothing is stored twice. */
  idempotencyKey?: string | undefined;
  cause?: unknown;
}

/**
 * The base of everything that this package throws or rejects with. `instanceof` works across two copies of the
 * package on one page.
 */
export class ClaivError extends Error {
  constructor(message: string, fields?: ClaivErrorFields & Record<string, unknown>);
  /** The attempts that were made, in order; empty when nothing was sent. Absent on errors outside a call. */
  readonly attempts?: ClaivAttempt[];
  /**
   * Whether the server may have acted on the request. `false` only where it is certain that it did not: nothing was sent,
   * or the server refused it. Absent on errors outside a call.
   */
  readonly mayHaveBeenApplied?: boolean;
  /**
   * The idempotency key that a failed ingest carried. Ingest the same event again with it as `idempotency_key`, and it is
   * stored once however far the failed call came.
   */
  readonly idempotencyKey?: string;
  /** What lies behind this error, where there is something. */
  readonly cause?: unknown;
  /** Name, message and fields, for logs. */
  toJSON(): Record<string, unknown>;
}

/** The API answered with an error status. */
export class ClaivApiError extends ClaivError {
  constructor(message: string, fields?: ClaivErrorFields & { [K in "status" | "code" | "requestId" | "details" | "headers" | "retryAfterMs"]?: ClaivApiError[K] | undefined });
  /** The HTTP status, 400 or above. */
  readonly status: number;
  /** The API's error code; `"unknown"` where the body has none. */
  readonly code: ClaivErrorCode;
  /** The id by which the API's operators find this request; empty where the response had none. */
  readonly requestId: string;
  /** What the API adds to the code: for `invalid_request`, the faults of the fields. */
  readonly details: unknown;
  /** The response's headers. */
  readonly headers: HostHeaders;
  /** How long the server asked to wait before another try, in milliseconds, where it did. */
  readonly retryAfterMs?: number;
}

/** The API's error codes, and `"unknown"` where a response has none; the set is open. */
export type ClaivErrorCode = "invalid_request" | "unauthorized" | "quota_exceeded" | "unknown" | (string & {});

/** Status 400: the request is not one that the API takes. */
export class ClaivBadRequestError extends ClaivApiError {
  readonly name: "ClaivBadRequestError";
  readonly status: 400;
}
/** Status 401: the key is missing or unknown. */
export class ClaivAuthenticationError extends ClaivApiError {
  readonly name: "ClaivAuthenticationError";
  readonly status: 401;
}
/** Status 403: the key may not do this. */
export class ClaivPermissionError extends ClaivApiError {
  readonly name: "ClaivPermissionError";
  readonly status: 403;
}
/** Status 404: there is no such thing. */
export class ClaivNotFoundError extends ClaivApiError {
  readonly name: "ClaivNotFoundError";
  readonly status: 404;
}
/** Status 409: it conflicts with what is there. */
export class ClaivConflictError extends ClaivApiError {
  readonly name: "ClaivConflictError";
  readonly status: 409;
}
/** Status 429: a rate limit or quota is used up; `retryAfterMs` is how long to wait, where the server says so. */
export class ClaivRateLimitError extends ClaivApiError {
  readonly name: "ClaivRateLimitError";
  readonly status: 429;
}
/** Status 5xx: the service, or a proxy before it, failed. */
export class ClaivServerError extends ClaivApiError {
  readonly name: "ClaivServerError";
}

/** No complete response came in time. */
export class ClaivTimeoutError extends ClaivError {
  constructor(message: string, fields?: ClaivErrorFields & { [K in "timeoutMs" | "scope" | "elapsedMs" | "attempt"]?: ClaivTimeoutError[K] | undefined });
  /** The timeout that passed, in milliseconds. Where `scope` is `"host"`, whose own timeout is not known: how long the attempt took. */
  readonly timeoutMs: number;
  /**
   * Which limit: `timeout`, of one attempt; `totalTimeout`, of the whole call; or one of the host's own fetch, which gave up before either. Node and
   * Bun do so after 300 seconds without headers, or without another piece of the body; give a `fetch` with longer limits (`docs/timeouts.md`).
   */
  readonly scope: "attempt" | "total" | "host";
  /** Milliseconds since the call began. */
  readonly elapsedMs: number;
  /** In which attempt, counted from 1; 0 before the first. */
  readonly attempt: number;
}

/** The request or its response did not get through: refused, reset, cut off, blocked. `cause` is what fetch threw. */
export class ClaivNetworkError extends ClaivError {
  readonly name: "ClaivNetworkError";
}

/** The caller's signal ended the call. `cause` is the signal's reason. */
export class ClaivAbortError extends ClaivError {
  readonly name: "AbortError";
}

/** One fault of an option or a request. */
export interface ClaivValidationIssue {
  /** The field, such as `token_budget`, `relations[2]` or `headers.x-team`. */
  path: string;
  /** What is wrong with it and what would be right. */
  message: string;
}

/** An option or a request breaks the rules. Nothing was sent. */
export class ClaivValidationError extends ClaivError {
  constructor(message: string, fields?: ClaivErrorFields & { issues?: ClaivValidationIssue[] | undefined });
  /** All faults that were found. */
  readonly issues: ClaivValidationIssue[];
}

/** A response came that is not what the API promises: no JSON, a redirect, no Response at all. */
export class ClaivResponseError extends ClaivError {
  constructor(message: string, fields?: ClaivErrorFields & { [K in "status" | "excerpt" | "requestId" | "headers" | "location"]?: ClaivResponseError[K] | undefined });
  /** The HTTP status; 0 where there was none. */
  readonly status: number;
  /** The beginning of the body, at most 200 characters. */
  readonly excerpt: string;
  /** The id by which the API's operators find this request; empty where the response had none. */
  readonly requestId: string;
  /** The response's headers, where the response had any. */
  readonly headers?: HostHeaders;
  /** For a redirect: the origin that it points to, where the host shows it. */
  readonly location?: string;
}
