/** The span of one call. */
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import type { ClaivCallEvent, ClaivErrorEvent, ClaivResponseEvent, ClaivRetryEvent } from "claiv-memory";

/** Scheme, host and port of a base URL. */
const ORIGIN = /^(https?):\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?/;

/** What a URL says of the server; nothing where it is none. */
function serverOf(url: string): Attributes {
  const [, scheme, host, port] = ORIGIN.exec(url) ?? [];
  if (!host) return {};
  return { "server.address": host, "server.port": Number(port ?? (scheme === "https" ? 443 : 80)) };
}

/** The context in which a batch was called, for its events: they are sent later, in whatever context. */
export class BatchContext {
  readonly parent: Context;

  constructor(parent: Context) {
    this.parent = parent;
  }
}

/** A call and, from its first attempt on, its span. The client gives it to each hook of the call. */
export class CallSpan {
  readonly #tracer: Tracer;
  readonly #parent: Context;
  readonly #name: string;
  readonly #attributes: Attributes;
  #span: Span | undefined;

  constructor(tracer: Tracer, parent: Context, { method, path, route, baseUrl }: ClaivCallEvent, recordIds: boolean) {
    this.#tracer = tracer;
    this.#parent = parent;
    this.#name = `${method} ${route}`;
    this.#attributes = {
      "http.request.method": method,
      ...serverOf(baseUrl),
      "url.full": baseUrl + (recordIds ? path : route.replace(/\{[^}]*\}/g, "REDACTED")),
    };
  }

  /** The context in which this span is the active one; none before it has begun. */
  context(): Context | undefined {
    return this.#span && trace.setSpan(this.#parent, this.#span);
  }

  /** Not earlier than the first attempt: an event of a large batch may wait for long, or never be sent. */
  #begun(): Span {
    this.#span ??= this.#tracer.startSpan(this.#name, { kind: SpanKind.CLIENT, attributes: this.#attributes }, this.#parent);
    return this.#span;
  }

  attempt(attempt: number): void {
    this.#begun().addEvent("claiv.attempt", { "claiv.attempt": attempt });
  }

  response(event: ClaivResponseEvent): void {
    const { attempt, status, requestId, ok } = event;
    this.#begun().addEvent("claiv.response", {
      "claiv.attempt": attempt,
      "http.response.status_code": status,
      ...(requestId !== undefined && { "claiv.request_id": requestId }),
    });
    if (ok) this.#end(event);
  }

  retry({ attempt, error, waitMs }: ClaivRetryEvent): void {
    this.#begun().addEvent("claiv.retry", { "claiv.attempt": attempt, "error.type": error, "claiv.wait_ms": waitMs });
  }

  fail(event: ClaivErrorEvent): void {
    const { status, error } = event;
    // Of a status that says it all there is no description, by the conventions.
    const isStatus = status !== undefined && status >= 400;
    this.#begun().setStatus(isStatus ? { code: SpanStatusCode.ERROR } : { code: SpanStatusCode.ERROR, message: error });
    this.#end(event, { "error.type": isStatus ? String(status) : error });
  }

  #end({ attempt, status, requestId }: { attempt: number; status?: number; requestId?: string }, more: Attributes = {}): void {
    const span = this.#begun();
    try {
      span.setAttributes({
        ...more,
        ...(status !== undefined && { "http.response.status_code": status }),
        ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
        ...(requestId !== undefined && { "http.response.header.x-request-id": [requestId] }),
      });
    } finally {
      span.end();
    }
  }
}
