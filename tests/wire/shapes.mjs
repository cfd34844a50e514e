// The API's answers: their keys and the types of their values.
import assert from "node:assert/strict";

const text = (value) => typeof value === "string";
const number = (value) => Number.isFinite(value);
const whole = (value) => Number.isInteger(value) && value >= 0;
const flag = (value) => typeof value === "boolean";
const time = (value) => text(value) && /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(value) && !Number.isNaN(Date.parse(value));
const oneOf = (...names) => (value) => names.includes(value);
const orNull = (check) => (value) => value === null || fits(value, check);
/** A key that may be missing. */
const maybe = (check) => Object.assign((value) => fits(value, check), { optional: true });

const wholes = (...names) => Object.fromEntries(names.map((name) => [name, whole]));
const METRIC = { used: whole, limit: orNull(whole), remaining: orNull(whole), percentage_used: number };
const PACK = { system_context: text, citations: [text], token_estimate: whole };
const COUNTS = wholes("events", "chunks", "episodes", "facts", "claims", "open_loops");
const RECEIPT = {
  receipt_id: text,
  scope: { user_id: text, thread_id: maybe(orNull(text)), from_time: maybe(orNull(time)), to_time: maybe(orNull(time)) },
  requested_at: time,
  completed_at: orNull(time),
  deleted_counts: COUNTS,
};
const RANGE = { range: oneOf("7d", "30d", "month", "today"), start_date: time, end_date: time };

export const SHAPES = {
  ingest: { event_id: text, deduped: flag },
  recall: {
    ...PACK,
    memory_blocks: [{ type: oneOf("open_loop", "fact", "claim", "episode", "chunk", "contradiction"), content: text, source_ids: [text], score: number }],
  },
  recall_v2: {
    ...PACK,
    memory_blocks: [{
      type: oneOf("assertion", "episode", "conflict"), content: text, source_ids: [text], score: number,
      evidence: maybe([{ event_id: text, quote: text }]),
    }],
  },
  forget: { receipt_id: text, deleted_counts: COUNTS },
  forget_v2: {
    receipt_id: text,
    deleted_counts: wholes("events", "assertions", "episodes", "entities", "conflicts", "extraction_failures"),
    warnings: maybe([text]),
  },
  list_deletion_receipts: { receipts: [RECEIPT], total: whole, limit: whole, offset: whole },
  get_deletion_receipt: RECEIPT,
  get_usage_summary: {
    ...RANGE,
    totals: wholes("requests", "ingest_requests", "recall_requests", "forget_requests", "ingest_events", "tokens", "work_units", "errors",
      "request_bytes", "response_bytes"),
    daily: [{ date: time, ...wholes("requests", "ingest_events", "tokens", "work_units", "errors") }],
  },
  get_usage_breakdown: { ...RANGE, endpoints: [{ endpoint: text, requests: whole, errors: whole, error_rate: number, avg_latency_ms: number }] },
  get_usage_limits: {
    plan: text, billing_cycle_day: whole, reset_date: time, is_within_quota: flag,
    limits: { requests: METRIC, tokens: METRIC, work_units: METRIC, ingest_events: METRIC },
  },
  health_check: { ok: flag },
};

const fits = (value, shape) => faults(value, shape, "").length === 0;

/** Where a value is not of a shape. */
function faults(value, shape, path) {
  if (typeof shape === "function") return shape(value) ? [] : [`${path} is ${JSON.stringify(value)}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((one, index) => faults(one, shape[0], `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is no object`];
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(shape, key)).map((key) => `${path}.${key} is not documented`);
  const known = Object.entries(shape).flatMap(([key, one]) => {
    if (!Object.hasOwn(value, key)) return one.optional ? [] : [`${path}.${key} is missing`];
    return faults(value[key], one, `${path}.${key}`);
  });
  return [...unknown, ...known];
}

/** Asserts that an answer has the documented keys, with values of the documented types. */
export const assertShape = (answer, method) => assert.deepEqual(faults(answer, SHAPES[method], method), []);
