// Traces what a client sends with OpenTelemetry.
import type { Tracer } from "@opentelemetry/api";
import type { ClaivResponseEvent } from "claiv-memory";

export interface ClaivTracingOptions {
  /** Makes the spans: `trace.getTracer("my-app")`. */
  tracer: Tracer;
}

/** Hooks of a client, to be spread into its options. */
export interface ClaivTracing {
  onResponse: (event: ClaivResponseEvent) => void;
}

/** SpanKind.CLIENT and SpanStatusCode.ERROR: of the API only types are imported. */
const CLIENT = 2;
const ERROR = 2;

/** Gives hooks that make a client span of each attempt that was answered. */
export function claivTracing({ tracer }: ClaivTracingOptions): ClaivTracing {
  return {
    onResponse({ method, path, status, attempt, durationMs }) {
      const end = Date.now();
      const attributes = { "http.request.method": method, "url.path": path, "http.response.status_code": status, "http.request.resend_count": attempt - 1 };
      const span = tracer.startSpan(method, { kind: CLIENT, startTime: end - durationMs, attributes });
      if (status >= 400) span.setStatus({ code: ERROR });
      span.end(end);
    },
  };
}
