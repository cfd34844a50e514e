/** OpenTelemetry spans of the calls of a client. */
import { context } from "@opentelemetry/api";
import type { Tracer } from "@opentelemetry/api";
import type { ClaivCallEvent, ClaivErrorEvent, ClaivFetch, ClaivRequestEvent, ClaivResponseEvent, ClaivRetryEvent } from "claiv-memory";
import { checked } from "./options.js";
import { BatchContext, CallSpan } from "./span.js";

/** What `claivTracing` takes. */
export interface ClaivTracingOptions {
  /** Makes the spans: `trace.getTracer("my-app")` of `@opentelemetry/api`. */
  tracer: Tracer;
  /**
   * What sends the client's requests, in place of the client's own `fetch` option. It is then called with the span of its call as the active one,
   * so that an instrumentation of `fetch` makes child spans of it and propagates it. Default: the client's `fetch` is left as it is.
   */
  fetch?: ClaivFetch | undefined;
  /**
   * Whether `url.full` has the path as it is sent, with the ids in it: of documents, collections, receipts and recalls. Where your program makes
   * such ids of users' names, they are users' data. Default: false, which puts `REDACTED` in place of each id.
   */
  recordIds?: boolean | undefined;
}

/** Options of a client: `new ClaivClient({ apiKey, ...claivTracing({ tracer }) })`. */
export interface ClaivTracing {
  /** Notes which span is active where a method is called: it becomes the parent, of a batch that of all its events. */
  onCall: (event: ClaivCallEvent) => unknown;
  /** Starts the span before the first attempt, and adds an event `claiv.attempt`. */
  onRequest: (event: ClaivRequestEvent) => void;
  /** Adds an event `claiv.response`; ends the span of a call that succeeded. */
  onResponse: (event: ClaivResponseEvent) => void;
  /** Adds an event `claiv.retry`. */
  onRetry: (event: ClaivRetryEvent) => void;
  /** Ends the span of a call that failed, as an error. */
  onError: (event: ClaivErrorEvent) => void;
  /** There where `fetch` was given. */
  fetch?: ClaivFetch;
}

/**
 * Gives hooks that make one client span of each call, by the stable part of OpenTelemetry's semantic conventions for HTTP client spans. Its attempts
 * and retries are events of it. No content, no key and, unless `recordIds` is set, no id is recorded.
 *
 * @throws TypeError naming the option that is not usable
 * @example
 * const claiv = new ClaivClient({ apiKey, ...claivTracing({ tracer: trace.getTracer("my-app") }) });
 */
export function claivTracing(options: ClaivTracingOptions): ClaivTracing {
  const { tracer, fetch, recordIds } = checked(options);
  /** The call whose request is sent next: its hook `onRequest` and its `fetch` run one directly after the other. */
  let sending: CallSpan | undefined;
  const of = (event: { context?: unknown }) => (event.context instanceof CallSpan ? event.context : undefined);
  const hooks: ClaivTracing = {
    onCall(event) {
      if (event.events !== undefined) return new BatchContext(context.active());
      const parent = event.context instanceof BatchContext ? event.context.parent : context.active();
      return new CallSpan(tracer, parent, event, recordIds === true);
    },
    onRequest(event) {
      sending = of(event);
      sending?.attempt(event.attempt);
    },
    onResponse: (event) => of(event)?.response(event),
    onRetry: (event) => of(event)?.retry(event),
    onError: (event) => of(event)?.fail(event),
  };
  if (!fetch) return hooks;
  return {
    ...hooks,
    fetch(url, init) {
      const active = sending?.context();
      sending = undefined;
      return active ? context.with(active, fetch, undefined, url, init) : fetch(url, init);
    },
  };
}
