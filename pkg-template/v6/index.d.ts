/** The API answered with an error status. */
export class ClaivApiError extends ApiError {
  /** As the service's own client makes it: of the status and the body of an answer. */
  constructor(status: number, body: ApiErrorBody);
  constructor(message: string, fields?: ConstructorParameters<typeof ApiError>[1]);
}

/** No complete answer came in time. */
export class ClaivTimeoutError extends TimeoutError {
  /** As the service's own client makes it: of the limit, in milliseconds. */
  constructor(timeoutMs: number);
  constructor(message: string, fields?: ConstructorParameters<typeof TimeoutError>[1]);
}

/** The request or its answer did not get through: refused, reset, cut off, blocked. `cause` is what fetch threw. */
export class ClaivNetworkError extends NetworkError {
  /** As the service's own client makes it: of what lies behind it. */
  constructor(cause: Error);
  constructor(message: string, fields?: ConstructorParameters<typeof NetworkError>[1]);
}
