// claiv-memory/otel, with OpenTelemetry's own SDK and its exporter in memory.
import assert from "node:assert/strict";
import test from "node:test";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { ClaivNetworkError, ClaivServerError, ClaivTimeoutError, ClaivAbortError } from "claiv-memory";
import { claivTracing } from "claiv-memory/otel";
import { KEY, connect, rejection, thrown } from "../support/client.mjs";
import { errorBody, serve } from "../support/server.mjs";

const [CLIENT, UNSET, ERROR] = [2, 0, 2];
const EVENT = { user_id: "user-of-the-secret", type: "message", content: "content-that-is-nobody's-business" };
const TASK = { user_id: EVENT.user_id, task: "a task that is nobody's business", token_budget: 300 };
const busy = { status: 503, headers: { "retry-after-ms": "5", "x-request-id": "req-busy" }, body: errorBody("unavailable", "busy", { request_id: "req-busy" }) };
const stored = { headers: { "x-request-id": "req-ok" }, body: { event_id: "e", deduped: false } };

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** A tracer, and the spans of it that have ended. */
function tracing() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { tracer: provider.getTracer("test"), spans: () => exporter.getFinishedSpans() };
}

/** Runs `work` with a new span as the active one, and gives that span's id. */
async function within(tracer, name, work) {
  const span = tracer.startSpan(name);
  await context.with(trace.setSpan(context.active(), span), work);
  span.end();
  return span.spanContext().spanId;
}

const eventsOf = (span) => span.events.map(({ name, attributes }) => [name, attributes]);
const clientSpans = (spans) => spans.filter(({ kind }) => kind === CLIENT);

test("a call is a client span by the semantic conventions, and its attempt an event", async (t) => {
  const server = await serve(t, () => stored);
  const { tracer, spans } = tracing();
  await connect(server, claivTracing({ tracer })).ingest(EVENT);
  const [span, ...others] = spans();
  assert.deepEqual(others, []);
  const { hostname, port } = new URL(server.url);
  assert.deepEqual([span.name, span.kind, span.status, span.ended], ["POST /v1/ingest", CLIENT, { code: UNSET }, true]);
  assert.deepEqual(span.attributes, {
    "http.request.method": "POST",
    "server.address": hostname,
    "server.port": Number(port),
    "url.full": `${server.url}/v1/ingest`,
    "http.response.status_code": 200,
    "http.response.header.x-request-id": ["req-ok"],
  });
  assert.deepEqual(eventsOf(span), [
    ["claiv.attempt", { "claiv.attempt": 1 }],
    ["claiv.response", { "claiv.attempt": 1, "http.response.status_code": 200, "claiv.request_id": "req-ok" }],
  ]);
  assert.equal(span.parentSpanContext, undefined);
});

test("attempts and retries are events of the call's one span", async (t) => {
  const server = await serve(t, (_, number) => (number === 1 ? busy : number === 2 ? "drop" : stored));
  const { tracer, spans } = tracing();
  await connect(server, { maxRetries: 2, ...claivTracing({ tracer }) }).ingest(EVENT);
  const [span, ...others] = spans();
  assert.deepEqual(others, []);
  const events = eventsOf(span);
  assert.equal(typeof events[4][1]["claiv.wait_ms"], "number");
  delete events[4][1]["claiv.wait_ms"];
  assert.deepEqual(events, [
    ["claiv.attempt", { "claiv.attempt": 1 }],
    ["claiv.response", { "claiv.attempt": 1, "http.response.status_code": 503, "claiv.request_id": "req-busy" }],
    ["claiv.retry", { "claiv.attempt": 1, "error.type": "ClaivServerError", "claiv.wait_ms": 5 }],
    ["claiv.attempt", { "claiv.attempt": 2 }],
    ["claiv.retry", { "claiv.attempt": 2, "error.type": "ClaivNetworkError" }],
    ["claiv.attempt", { "claiv.attempt": 3 }],
    ["claiv.response", { "claiv.attempt": 3, "http.response.status_code": 200, "claiv.request_id": "req-ok" }],
  ]);
  assert.equal(span.attributes["http.request.resend_count"], 2);
  assert.equal(span.status.code, UNSET);
});

const FAILURES = {
  "an error status": { answer: () => busy, wanted: ClaivServerError, type: "503", status: { code: ERROR }, code: 503 },
  "a connection that is cut": { answer: () => "drop", wanted: ClaivNetworkError, type: "ClaivNetworkError", status: { code: ERROR, message: "ClaivNetworkError" } },
  "a timeout": { answer: () => "hang", options: { timeout: 30 }, wanted: ClaivTimeoutError, type: "ClaivTimeoutError", status: { code: ERROR, message: "ClaivTimeoutError" } },
  "an answer that is no JSON": { answer: () => ({ body: "<html>" }), wanted: Error, type: "ClaivResponseError", status: { code: ERROR, message: "ClaivResponseError" }, code: 200 },
};

for (const [what, { answer, options, wanted, type, status, code }] of Object.entries(FAILURES)) {
  test(`a call that fails by ${what} is a span with an error`, async (t) => {
    const server = await serve(t, answer);
    const { tracer, spans } = tracing();
    await rejection(connect(server, { ...claivTracing({ tracer }), ...options }).recall(TASK), wanted);
    const [span, ...others] = spans();
    assert.deepEqual(others, []);
    assert.deepEqual(span.status, status);
    assert.equal(span.attributes["error.type"], type);
    assert.equal(span.attributes["http.response.status_code"], code);
  });
}

test("a call that is aborted, and one that was aborted before it began, are spans that have ended", async (t) => {
  const controller = new AbortController();
  const server = await serve(t, () => { controller.abort(); return "hang"; });
  const { tracer, spans } = tracing();
  const client = connect(server, claivTracing({ tracer }));
  await rejection(client.recall(TASK, { signal: controller.signal }), ClaivAbortError);
  await rejection(client.recall(TASK, { signal: AbortSignal.abort() }), ClaivAbortError);
  assert.deepEqual(spans().map(({ attributes, events }) => [attributes["error.type"], events.length]), [["ClaivAbortError", 1], ["ClaivAbortError", 0]]);
});

test("a request that breaks the rules is no call and no span", async (t) => {
  const { tracer, spans } = tracing();
  await rejection(connect(await serve(t), claivTracing({ tracer })).ingest({}));
  assert.deepEqual(spans(), []);
});

test("each of many calls at once is a child of the span that was active where it was called", async (t) => {
  const server = await serve(t, async (_, number) => {
    await new Promise((resolve) => setTimeout(resolve, (number * 7) % 11));
    return number % 3 === 0 ? busy : { body: { memory_blocks: [] } };
  });
  const { tracer, spans } = tracing();
  const client = connect(server, { maxRetries: 3, ...claivTracing({ tracer }) });
  const parents = await Promise.all(Array.from({ length: 20 }, (_, i) => within(tracer, `parent ${i}`, () => client.recall(TASK))));
  const children = clientSpans(spans());
  assert.equal(children.length, 20);
  assert.deepEqual(children.map((span) => span.parentSpanContext.spanId).sort(), parents.sort());
  for (const { events } of children) {
    const attempts = events.filter(({ name }) => name === "claiv.attempt").map(({ attributes }) => attributes["claiv.attempt"]);
    assert.deepEqual(attempts, attempts.map((_, i) => i + 1), "no event of another call");
  }
});

test("each event of a batch is a child of the span that was active where the batch was called", async (t) => {
  const server = await serve(t, (_, number) => (number === 4 ? busy : stored));
  const { tracer, spans } = tracing();
  const client = connect(server, { maxRetries: 1, ...claivTracing({ tracer }) });
  const batch = (n) => Array.from({ length: 6 }, (_, i) => ({ ...EVENT, user_id: `${n}`, thread_id: `${i % 2}` }));
  const parents = await Promise.all([1, 2].map((n) => within(tracer, "batch", () => client.ingestMany([...batch(n), {}], { concurrency: 2 }))));
  const children = clientSpans(spans());
  // What breaks the rules is not sent.
  assert.equal(children.length, 12);
  for (const parent of parents) assert.equal(children.filter((span) => span.parentSpanContext.spanId === parent).length, 6);
});

test("an instrumentation of fetch makes children of the call's span, if fetch is given to it", async (t) => {
  const server = await serve(t, (_, number) => (number === 1 ? busy : stored));
  const { tracer, spans } = tracing();
  // As instrumentations of fetch do: a span of the active context for each request.
  const instrumented = async (url, init) => {
    const span = tracer.startSpan("fetch");
    try {
      return await fetch(url, init);
    } finally {
      span.end();
    }
  };
  const client = connect(server, { maxRetries: 1, ...claivTracing({ tracer, fetch: instrumented }) });
  const before = context.active();
  await Promise.all([client.ingest(EVENT), client.ingest(EVENT), client.healthCheck()]);
  assert.equal(context.active(), before);
  const calls = clientSpans(spans()).map((span) => span.spanContext().spanId);
  const inner = spans().filter(({ name }) => name === "fetch").map((span) => span.parentSpanContext.spanId);
  assert.equal(calls.length, 3);
  assert.equal(inner.length, 4);
  assert.deepEqual([...new Set(inner)].sort(), calls.sort());
});

test("without fetch, the client's own is left as it is", () => {
  const { tracer } = tracing();
  assert.ok(!("fetch" in claivTracing({ tracer })));
});

test("neither the key, content, users nor ids are recorded, unless ids are asked for", async (t) => {
  const server = await serve(t, () => busy);
  const record = async (options) => {
    const { tracer, spans } = tracing();
    const client = connect(server, { maxRetries: 1, ...claivTracing({ tracer, ...options }) });
    await rejection(client.ingest(EVENT));
    await rejection(client.deleteDocument("document-of-ada"));
    await rejection(client.listDeletionReceipts({ user_id: EVENT.user_id }));
    assert.equal(spans().length, 3);
    return { all: JSON.stringify(spans().map(({ name, attributes, events, status }) => [name, attributes, events, status])), url: spans()[1].attributes["url.full"] };
  };
  const { all, url } = await record({});
  for (const secret of [KEY, EVENT.content, EVENT.user_id, "document-of-ada"]) assert.ok(!all.includes(secret), secret);
  assert.equal(url, `${server.url}/v6/documents/REDACTED`);
  const opted = await record({ recordIds: true });
  for (const secret of [KEY, EVENT.content, EVENT.user_id]) assert.ok(!opted.all.includes(secret), secret);
  assert.equal(opted.url, `${server.url}/v6/documents/document-of-ada`);
  assert.ok(opted.all.includes('"DELETE /v6/documents/{documentId}"'), "the name stays the same for all calls of a method");
});

const boom = () => { throw new Error("from the tracer"); };
const BAD = {
  "a tracer that throws": { startSpan: boom },
  "a tracer that gives nothing": { startSpan: () => undefined },
  "a span that throws": { startSpan: () => ({ addEvent: boom, setAttributes: boom, setStatus: boom, end: boom, spanContext: boom }) },
};
for (const [what, tracer] of Object.entries(BAD)) {
  test(`${what} harms nothing`, async (t) => {
    const server = await serve(t, (_, number) => (number % 2 === 1 ? busy : stored));
    for (const options of [{ tracer }, { tracer, fetch }]) {
      const client = connect(server, { maxRetries: 1, ...claivTracing(options) });
      assert.deepEqual(await client.ingest(EVENT), { event_id: "e", deduped: false });
    }
    assert.equal((await rejection(connect(server, claivTracing({ tracer })).ingest(EVENT))).status, 503);
  });
}

test("a span ends though its attributes cannot be set", async (t) => {
  const server = await serve(t);
  let ended = 0;
  const tracer = { startSpan: () => ({ addEvent: () => {}, setAttributes: boom, end: () => { ended += 1; } }) };
  await connect(server, claivTracing({ tracer })).healthCheck();
  assert.equal(ended, 1);
});

test("hooks without a context of theirs do nothing", () => {
  const { tracer, spans } = tracing();
  const { onCall: _, fetch: __, ...hooks } = claivTracing({ tracer });
  for (const hook of Object.values(hooks)) for (const of of [undefined, {}, 1]) hook({ method: "GET", path: "/", route: "/", attempt: 1, ok: true, context: of });
  assert.deepEqual(spans(), []);
});

const { tracer } = tracing();
for (const [given, expected] of [
  [undefined, /options must be an object/], [null, /options must be an object/], [{}, /tracer must be a Tracer/], [{ tracer: {} }, /tracer must be a Tracer/],
  [{ tracer, fetch: 1 }, /fetch must be a function/], [{ tracer, recordIds: "yes" }, /recordIds must be true or false/], [{ tracer, recordId: true }, /recordId is no option; there are .*recordIds/],
]) {
  test(`options that are not usable are named: ${expected.source}`, () => {
    assert.match(thrown(() => claivTracing(given), TypeError).message, expected);
  });
}

test("a base URL with a path, a port that is the scheme's, and an IPv6 host are told as they are", async () => {
  for (const [baseUrl, address, port] of [["https://api.example.com/claiv", "api.example.com", 443], ["http://[::1]:8080", "[::1]", 8080], ["http://localhost", "localhost", 80]]) {
    const { tracer, spans } = tracing();
    const client = connect({ url: baseUrl }, { fetch: async () => Response.json({ ok: true }), ...claivTracing({ tracer }) });
    await client.healthCheck();
    const [{ attributes }] = spans();
    assert.deepEqual([attributes["server.address"], attributes["server.port"], attributes["url.full"]], [address, port, `${baseUrl}/healthz`]);
  }
});
