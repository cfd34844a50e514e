// Attempts and the time between them; the transport's failures and time limits.
import { ANSWER, EVENT, failure, forget, ingest, recall, row } from "./row.mjs";

const fine = { body: ANSWER };
const again = (status, seconds = 0.05) => failure(status, { retry_after: seconds });
const RETRIED = [429, 500, 502, 503, 504];
const health = (name, more) => row(name, "health_check", more);
const limits = (name, more) => row(name, "get_usage_limits", more);

const sequences = [
  ...RETRIED.flatMap((status) => [
    recall(`${status}, then well`, { script: [again(status), fine] }),
    forget(`${status}, then well, for a forget`, { script: [again(status), fine] }),
    ingest(`${status} twice, then well, for an ingest`, { script: [again(status), again(status), fine] }),
    limits(`${status} thrice, asynchronous`, { script: [again(status)], async: true }),
  ]),
  ...[408, 409, 425, 501, 505, 529].map((status) => recall(`${status}, which is not retried`, { script: [again(status), fine] })),
  recall("three statuses in a row", { script: [again(503), again(429, 0.1), failure(400)] }),
  recall("503 with no retries", { script: [again(503), fine], client: { maxRetries: 0 } }),
  recall("503 with one retry", { script: [again(503)], client: { maxRetries: 1 } }),
  recall("503 with five retries", { script: [again(503, 0.02)], client: { maxRetries: 5 } }),
  health("503, then well, for the health", { script: [again(503), fine] }),
];

const wait = (name, retry_after, more = {}) =>
  recall(`retry_after ${name}`, { script: [failure(429, { retry_after }), fine], waits: ["formula"], ...more });
/** What Python reads as a number, and this client does not. */
const looser = (name, retry_after, ms, more = {}) =>
  wait(name, retry_after, { waits: [ms], rules: ["retry-after-forms"], ours: { waits: ["formula"] }, ...more });

const waits = [
  wait("of 50 ms", 0.05, { waits: [50] }),
  wait("of 0.2 s", 0.2, { waits: [200] }),
  wait("that is text", "0.05", { waits: [50] }),
  wait("that is text with spaces", " 0.05 ", { waits: [50] }),
  wait("of 0", 0),
  wait("below 0", -1),
  wait("null", null),
  wait("of words", "soon"),
  wait("with a unit", "1s"),
  wait("that is a list", [1]),
  wait("that is an object", { seconds: 1 }),
  wait("that is no number", "nan"),
  looser("true", true, 1000),
  looser("with an exponent", "1e-1", 100),
  looser("with a sign", "+0.1", 100),
  looser("without end", "inf", 30_000, { skipWaits: true }),
  recall("details that are a list", { script: [failure(503, [{ retry_after: 0.05 }]), fine], waits: ["formula"] }),
  recall("no details", { script: [failure(503), fine], waits: ["formula"] }),
  recall("no details, twice", { script: [failure(503), failure(503), fine], waits: ["formula", "formula"] }),
  recall("a longest wait of 30 s that is asked for", {
    script: [failure(429, { retry_after: 45 })], skipWaits: true, waits: [30_000, 30_000],
    rules: ["waits-in-full"], ours: { attempts: 1, waits: [] },
  }),
  recall("a wait that is longer than allowed, of a service that is well by then", {
    script: [failure(429, { retry_after: 3600 }), fine], skipWaits: true, waits: [30_000], rules: ["waits-in-full"],
    ours: {
      attempts: 1, waits: [],
      outcome: { error: { kind: "api", status: 429, code: "code_429", request_id: "req-1", details: { retry_after: 3600 }, message: "Message of 429" } },
    },
  }),
];

const retryHeader = (name, headers, more) => recall(name, { script: [failure(503, undefined, { headers }), fine], rules: ["retry-headers"], ...more });
const headers = [
  retryHeader("Retry-After in seconds", { "retry-after": "1" }, { ours: { waits: [1000] } }),
  retryHeader("retry-after-ms", { "retry-after-ms": "40" }, { ours: { waits: [40] } }),
  retryHeader("retry-after-ms longer than the body's wait", { "retry-after-ms": "200" }, {
    script: [failure(503, { retry_after: 0.05 }, { headers: { "retry-after-ms": "200" } }), fine], ours: { waits: [200] },
  }),
  recall("retry-after-ms shorter than the body's wait", {
    script: [failure(503, { retry_after: 0.1 }, { headers: { "retry-after-ms": "20" } }), fine],
  }),
  retryHeader("x-should-retry false", { "x-should-retry": "false" }, {
    ours: { attempts: 1, waits: [], outcome: { error: { kind: "api", status: 503, code: "code_503", request_id: "req-1", details: null, message: "Message of 503" } } },
  }),
  retryHeader("x-should-retry true", {}, {
    script: [failure(409, { retry_after: 0.05 }, { headers: { "x-should-retry": "true" } }), fine],
    ours: { attempts: 2, waits: [50], outcome: { result: ANSWER } },
  }),
];

const lost = { pythonOutcome: { error: { kind: "network" } } };
const resent = (make, name, script, { rules = [], ...more } = {}) =>
  make(name, {
    script, ...lost, here: { maxRetryDelay: 20 }, rules: ["transport-retried", ...rules],
    ours: { attempts: 2, waits: [20], outcome: { result: ANSWER } }, ...more,
  });
const cut = { drop: true };
const short = { body: ANSWER, truncate: true };

const transport = [
  resent(recall, "a connection that is cut", [cut, fine]),
  resent(recall, "a connection that is cut, at our own pace", [cut, fine], { here: {}, ours: { attempts: 2, waits: ["formula"], outcome: { result: ANSWER } } }),
  resent(recall, "a connection that stays cut", [cut], { ours: { attempts: 3, waits: [20, 20] } }),
  resent(recall, "an answer that breaks off", [short, fine]),
  resent(recall, "JSON that breaks off where nothing tells its length", [{ body: "{\"a\":", chunked: true }, fine],
    { pythonOutcome: { error: { kind: "leak", type: "JSONDecodeError" } } }),
  resent(limits, "a read whose connection is cut", [cut, fine]),
  resent(health, "a health whose connection is cut", [cut, fine]),
  resent(ingest, "an ingest whose connection is cut", [cut, fine], { rules: ["idempotency-key"] }),
  resent(ingest, "an ingest with a key whose connection is cut", [cut, fine], { args: [{ ...EVENT, idempotency_key: "k" }] }),
  ingest("an ingest without any key whose connection is cut", { script: [cut, fine], rules: [], here: { autoIdempotency: false }, ...lost }),
  forget("a forget whose connection is cut", { script: [cut, fine], ...lost }),
  forget("a forget whose answer breaks off", { script: [short, fine], ...lost }),
  recall("a connection that is cut, with no retries", { script: [cut, fine], client: { maxRetries: 0 }, ...lost }),
  recall("nobody listens", { client: { baseUrl: "http://127.0.0.1:1", maxRetries: 0 }, ...lost }),
];

const late = (ms) => ({ error: { kind: "timeout", ms } });
const timeouts = [
  recall("no answer in time", { script: [{ hang: true }], client: { timeout: 1200 }, pythonOutcome: late(1200) }),
  forget("no answer to a forget in time, asynchronous", { script: [{ hang: true }], client: { timeout: 1100 }, async: true, pythonOutcome: late(1100) }),
  recall("no answer in time after a retry", { script: [again(503), { hang: true }], client: { timeout: 1500 }, pythonOutcome: late(1500) }),
  recall("an answer that drips", {
    script: [{ body: "{\"a\":\"drip\"}", drip: 400 }], client: { timeout: 3000 }, rules: ["attempt-timeout"],
    pythonOutcome: { result: { a: "drip" } }, ours: { outcome: late(3000) },
  }),
];

export const retries = [...sequences, ...waits, ...headers, ...transport, ...timeouts];
