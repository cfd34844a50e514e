// What the server says: successes of all kinds, every error status, and bodies that are none of the API's.
import { ANSWER, KEY, failure, recall, row } from "./row.mjs";

const STATUSES = [
  400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 425, 426, 428, 429, 431, 451,
  500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 524, 529, 599,
];
const once = { client: { maxRetries: 0 } };
const leak = (type) => ({ error: { kind: "leak", type } });

const answerOf = (name, body, more = {}) => recall(`an answer of ${name}`, { script: [{ body, ...more }] });
/** Python takes it, or fails with an error that is not one of its own classes; here it is an error of this package. */
const unusable = (name, answer, inPython, status = 200) =>
  recall(`an answer of ${name}`, {
    script: [answer], ...once, rules: ["answers-checked"], pythonOutcome: inPython, ours: { outcome: { error: { kind: "response", status } } },
  });

const successes = [
  answerOf("nothing but an empty object", {}),
  answerOf("numbers", "{\"a\":[0,-0.0,1e300,1E-7,9007199254740993,123456789012345678901234567890,0.1]}"),
  answerOf("text of several scripts", { a: "\u0000\u2028 😀 \ud7ff", "ключ": "\\\"" }),
  answerOf("escapes", "{\"a\":\"\\u00e9\\ud83d\\ude00\\n\"}"),
  answerOf("nulls", { a: null, b: [null], c: { d: null } }),
  answerOf("two fields of one name", "{\"a\":1,\"a\":2}"),
  answerOf("a byte order mark", "\ufeff{\"a\":1}"),
  answerOf("another content type", "{\"a\":1}", { headers: { "content-type": "text/html" } }),
  answerOf("no content type", "{\"a\":1}"),
  answerOf("spaces around", " \n{\"a\":1}\t "),
  answerOf("a megabyte", { a: "x".repeat(1 << 20) }),
  ...[201, 202, 203, 207, 299].map((status) => answerOf(`status ${status}`, ANSWER, { status })),
];

const oddAnswers = [
  unusable("a list", { body: "[1]" }, { result: [1] }),
  unusable("text", { body: "\"yes\"" }, { result: "yes" }),
  unusable("a number", { body: "1" }, { result: 1 }),
  unusable("null", { body: "null" }, { result: null }),
  unusable("NaN", { body: "{\"a\":NaN}" }, { result: { "not JSON": "{'a': nan}" } }),
  unusable("HTML", { body: "<html></html>", headers: { "content-type": "text/html" } }, leak("JSONDecodeError")),
  unusable("nothing", { body: "" }, leak("JSONDecodeError")),
  unusable("nothing, status 204", { status: 204, body: "" }, leak("JSONDecodeError"), 204),
  unusable("UTF-16", { body: Buffer.from("\ufeff{\"a\":1}", "utf16le") }, { result: { a: 1 } }),
  recall("an answer that is not UTF-8", {
    script: [{ body: Buffer.from("{\"a\":\"\xe9\"}", "latin1") }], rules: ["answers-utf8"],
    pythonOutcome: leak("UnicodeDecodeError"), ours: { outcome: { result: { a: "\ufffd" } } },
  }),
  ...[301, 302, 303, 307, 308].map((status) =>
    recall(`a redirect of status ${status}`, {
      script: [{ status, body: ANSWER, headers: { location: "/elsewhere" } }], rules: ["redirects"],
      pythonOutcome: { result: ANSWER }, ours: { outcome: { error: { kind: "response", status } } },
    })),
];

const statuses = STATUSES.flatMap((status) => [
  recall(`status ${status}`, { script: [failure(status)], ...once }),
  recall(`status ${status} with details, asynchronous`, { script: [failure(status, { field: "task", list: [1, null] })], async: true, ...once }),
]);

/** The Fetch standard keeps 407 to itself, and sends the request anew after a 421. */
const hostStatuses = [
  recall("status 407", { script: [failure(407)], ...once, rules: ["fetch-statuses"], ours: { outcome: { error: { kind: "network" } } } }),
  recall("status 421", { script: [failure(421)], ...once, rules: ["fetch-statuses"], ours: { attempts: 2, waits: ["any"] } }),
];

const error = (name, status, body, more = {}) => recall(`an error of ${name}`, { script: [{ status, body }], ...once, ...more });
const oddly = (name, status, body, message, inPython, more = {}) =>
  error(name, status, body, {
    rules: ["error-bodies"], pythonOutcome: inPython,
    ours: { outcome: { error: { kind: "api", status, code: "unknown", request_id: "", details: null, message, ...more } } },
  });
const invented = (status, message) => ({
  error: { kind: "api", status, code: "unknown", request_id: "00000000-0000-0000-0000-000000000000", details: null, message },
});

const errorBodies = [
  error("nothing known", 400, {}),
  error("an empty error", 400, { error: {} }),
  error("a code alone", 400, { error: { code: "invalid_request" } }),
  error("a message alone", 400, { error: { message: "No" } }),
  error("unknown fields", 422, { error: { code: "c", message: "m", request_id: "r", later: [1] }, more: 1 }),
  error("details that are text", 400, { error: { code: "c", message: "m", request_id: "r", details: "text" } }),
  error("details that are a list", 400, { error: { code: "c", message: "m", request_id: "r", details: [{ path: "a" }] } }),
  error("details that are null", 400, { error: { code: "c", message: "m", request_id: "r", details: null } }),
  error("another script", 400, { error: { code: "ungültig", message: "Überschreitung 😀", request_id: "r" } }),
  oddly("HTML", 502, "<html>Bad gateway</html>", "<html>Bad gateway</html>", invented(502, "Bad Gateway")),
  oddly("nothing", 503, "", "503", invented(503, "Service Unavailable")),
  oddly("JSON that breaks off", 500, "{\"error\":{\"code\"", "{\"error\":{\"code\"", invented(500, "Internal Server Error")),
  oddly("text instead of an object", 400, { error: "No such thing" }, "No such thing", leak("AttributeError")),
  oddly("null", 400, { error: null }, "400", leak("AttributeError")),
  oddly("a list", 500, "[1]", "500", leak("AttributeError")),
  oddly("bare text", 500, "\"broken\"", "broken", leak("AttributeError")),
  oddly("another shape", 400, { message: "No", code: "c" }, "No",
    { error: { kind: "api", status: 400, code: "unknown", request_id: "", details: null, message: "HTTP 400" } }, { code: "c" }),
  oddly("a code that is null", 400, { error: { code: null, message: "m" } }, "m",
    { error: { kind: "api", status: 400, code: null, request_id: "", details: null, message: "m" } }),
  oddly("a code that is a number", 400, { error: { code: 7, message: "m" } }, "m",
    { error: { kind: "api", status: 400, code: 7, request_id: "", details: null, message: "m" } }),
];

const notFound = { kind: "api", status: 404, code: "c", details: null, message: "m" };
const ids = [
  error("a request id in its header alone", 404, { error: { code: "c", message: "m" } }, {
    script: [{ status: 404, body: { error: { code: "c", message: "m" } }, headers: { "x-request-id": "req-9" } }],
    rules: ["request-id"], ours: { outcome: { error: { ...notFound, request_id: "req-9" } } },
  }),
  error("a request id in header and body", 404, null, {
    script: [{ status: 404, body: { error: { code: "c", message: "m", request_id: "req-1" } }, headers: { "x-request-id": "req-9" } }],
  }),
  error("the API key", 401, { error: { code: "c", message: `no such key: ${KEY}`, request_id: "r", details: { key: KEY } } }, {
    rules: ["key-redacted"],
    ours: { outcome: { error: { kind: "api", status: 401, code: "c", request_id: "r", details: { key: "[redacted]" }, message: "no such key: [redacted]" } } },
  }),
];

/** `healthCheck`, whose answer may also be negative. */
const others = [
  row("health_check, down", "health_check", { script: [failure(503)], ...once }),
  row("health_check, false", "health_check", { script: [{ body: { ok: false } }] }),
];

export const answers = [...successes, ...oddAnswers, ...statuses, ...hostStatuses, ...errorBodies, ...ids, ...others];
