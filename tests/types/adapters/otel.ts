// claiv-memory/otel as users write it: its hooks are options of a client.
import { trace } from "@opentelemetry/api";
import { ClaivClient } from "claiv-memory";
import { claivTracing } from "claiv-memory/otel";
import type { ClaivTracing, ClaivTracingOptions } from "claiv-memory/otel";

const options: ClaivTracingOptions = { tracer: trace.getTracer("a-program") };
const tracing: ClaivTracing = claivTracing(options);
export const claiv: ClaivClient = new ClaivClient({ apiKey: "key", ...tracing });

// @ts-expect-error a tracer is needed
claivTracing({});
