// The constructor's options: what is taken, what is refused, and how.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { KEY, paths, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const refuse = (options) => thrown(() => new ClaivClient(options), ClaivValidationError);

const DURATIONS = {
  good: [1, 0.5, 30_000, 2 ** 31, 1e300, Number.MIN_VALUE],
  bad: [0, -0, -1, NaN, Infinity, -Infinity, "1000", "", null, true, {}, [], 10n, Symbol("ms"), () => 5, new Number(5)],
};
const FUNCTIONS = {
  good: [globalThis.fetch, async () => {}, function named() {}, class {}, new Proxy(() => {}, {})],
  bad: [null, {}, "fetch", 1, true, [], { fetch }, Symbol("fetch")],
};
const SWITCHES = { good: [true, false], bad: [0, 1, "true", "", null, {}, new Boolean(true)] };

const TABLE = {
  timeout: DURATIONS,
  totalTimeout: DURATIONS,
  maxRetryDelay: DURATIONS,
  maxRetries: {
    good: [0, -0, 1, 2, 100, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER],
    bad: [-1, 0.5, NaN, Infinity, 2 ** 53, "2", "", null, true, {}, [1], 2n, Symbol("n"), new Number(2)],
  },
  fetch: FUNCTIONS,
  onRequest: FUNCTIONS,
  onResponse: FUNCTIONS,
  onRetry: FUNCTIONS,
  onError: FUNCTIONS,
  allowInsecureHttp: SWITCHES,
  validate: SWITCHES,
  autoIdempotency: SWITCHES,
};

const show = (value) => (typeof value === "function" ? String(value) : typeof value === "object" && value !== null ? `${value.constructor.name} ${JSON.stringify(value)}` : `${typeof value} ${String(value)}`);

for (const [name, { good, bad }] of Object.entries(TABLE)) {
  for (const value of [undefined, ...good]) {
    test(`${name} may be ${show(value).slice(0, 60)}`, () => {
      assert.ok(new ClaivClient({ apiKey: KEY, [name]: value }) instanceof ClaivClient);
    });
  }
  for (const value of bad) {
    test(`${name} must not be ${show(value).slice(0, 60)}, and the error says so`, () => {
      const error = refuse({ apiKey: KEY, [name]: value });
      assert.deepEqual(paths(error), [name]);
      assert.match(error.issues[0].message, /^must be /);
      assert.ok(error.message.includes(`${name} ${error.issues[0].message}`), error.message);
      assert.equal(error.name, "ClaivValidationError");
    });
  }
}

for (const value of [undefined, null, "", KEY, 1, true, [], [KEY], () => KEY, Symbol("o"), 1n]) {
  test(`the options must be an object, not ${show(value).slice(0, 40)}`, () => {
    assert.deepEqual(paths(refuse(value)), ["options"]);
  });
}

test("all faults are told together, each once", () => {
  const error = refuse({
    apiKey: "", baseUrl: "nowhere", timeout: 0, totalTimeout: -1, maxRetries: 1.5, maxRetryDelay: "x", fetch: 1,
    defaultHeaders: 7, allowInsecureHttp: 1, validate: "no", autoIdempotency: null, clientHeader: 1, onCall: 1,
  });
  assert.deepEqual(paths(error), [
    "allowInsecureHttp", "apiKey", "autoIdempotency", "baseUrl", "clientHeader", "defaultHeaders", "fetch", "maxRetries", "maxRetryDelay",
    "onCall", "timeout", "totalTimeout", "validate",
  ]);
  for (const { path, message } of error.issues) assert.ok(error.message.includes(`${path} ${message}`), path);
});

test("options that throw when they are read are faults of their own", () => {
  const options = { get apiKey() { throw new Error("no key for you"); }, get timeout() { throw null; }, baseUrl: 5 };
  const error = refuse(options);
  assert.deepEqual([...new Set(paths(error))], ["apiKey", "baseUrl", "timeout"]);
  assert.ok(error.issues.some(({ path, message }) => path === "apiKey" && message.includes("no key for you")));
});

test("a proxy that throws at every turn is refused, not let through", () => {
  const hostile = new Proxy({}, { get() { throw new TypeError("trap"); } });
  assert.ok(refuse(hostile).issues.length >= 10);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.deepEqual(paths(refuse(proxy)), ["options"]);
});

test("options may be frozen, may lack a prototype, may be inherited, and are never changed", () => {
  const options = Object.freeze({ apiKey: KEY, timeout: 5, defaultHeaders: Object.freeze({ "x-a": "1" }) });
  assert.ok(new ClaivClient(options));
  assert.ok(new ClaivClient(Object.assign(Object.create(null), options)));
  assert.ok(new ClaivClient(Object.create(options)));
  assert.deepEqual(options, { apiKey: KEY, timeout: 5, defaultHeaders: { "x-a": "1" } });
});

test("options are read once, when the client is made", async (t) => {
  const server = await serve(t);
  const options = { apiKey: KEY, baseUrl: server.url, maxRetries: 0, defaultHeaders: { "x-a": "before" } };
  const client = new ClaivClient(options);
  Object.assign(options, { apiKey: "", baseUrl: "http://127.0.0.1:1", maxRetries: -1 });
  options.defaultHeaders["x-a"] = "after";
  await client.getUsageLimits();
  assert.equal(server.requests[0].headers["x-a"], "before");
  assert.equal(server.requests[0].headers.authorization, `Bearer ${KEY}`);
});

test("making a client asks nobody and starts nothing", (t) => {
  const asked = [];
  for (const name of ["fetch", "setTimeout", "setInterval", "queueMicrotask"]) {
    t.mock.method(globalThis, name, () => asked.push(name));
  }
  new ClaivClient({ apiKey: () => asked.push("apiKey"), fetch: () => asked.push("given fetch"), timeout: 5 });
  assert.deepEqual(asked, []);
});

test("unknown options are refused by name, all at once: a misspelt one must not send requests elsewhere", () => {
  const error = refuse({ apiKey: KEY, baseURL: "https://example.com", region: undefined, "": 1, retries: 5 });
  assert.deepEqual(paths(error), ["", "baseURL", "region", "retries"]);
  for (const { message } of error.issues) assert.match(message, /is not an option/);
  const { message } = thrown(() => ClaivClient.fromEnv({ CLAIV_API_KEY: KEY }, { apikey: KEY }), ClaivValidationError);
  assert.match(message, /apikey is not an option/);
});

test("without new it is no client", () => {
  assert.throws(() => ClaivClient({ apiKey: KEY }), TypeError);
});

test("a subclass is made like any other", async (t) => {
  class Mine extends ClaivClient {
    constructor(options) {
      super(options);
      this.extra = 1;
    }
    health() { return this.healthCheck(); }
  }
  const server = await serve(t);
  const mine = new Mine({ apiKey: KEY, baseUrl: server.url });
  assert.ok(mine instanceof Mine && mine instanceof ClaivClient);
  assert.equal(mine.extra, 1);
  assert.deepEqual(await mine.health(), { ok: true });
});
