// claiv-memory/otel, with OpenTelemetry's own SDK.
import assert from "node:assert/strict";
import test from "node:test";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { claivTracing } from "claiv-memory/otel";
import { connect } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

test("an attempt that was answered is a client span", async (t) => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const server = await serve(t, () => ({ body: { ok: true } }));
  await connect(server, claivTracing({ tracer: provider.getTracer("test") })).healthCheck();
  const [span, ...others] = exporter.getFinishedSpans();
  assert.deepEqual(others, []);
  assert.equal(span.name, "GET");
  assert.equal(span.attributes["http.response.status_code"], 200);
});
