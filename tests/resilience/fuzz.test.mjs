// Whatever is passed and whatever is answered: no trap, no pending promise, nothing that is not a ClaivError; and the client works
// afterwards. CLAIV_FUZZ_RUNS sets how many values, CLAIV_SEED which.
import assert from "node:assert/strict";
import test, { after } from "node:test";
import fc from "fast-check";
import { ClaivClient, ClaivError } from "claiv-memory";
import { chooseSeed } from "../hostile/random.mjs";
import { exotic, mostly, nearly } from "./exotic.mjs";

const RUNS = Number(process.env.CLAIV_FUZZ_RUNS ?? 5000);
const SEED = chooseSeed();
/** Far above what any of these calls may take. */
const PENDING = 5000;
const QUICK = { timeout: 200, maxRetries: 1, maxRetryDelay: 1 };
const BASE = "http://127.0.0.1:9";

const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(error));

const right = () => new Response('{"event_id":"e","deduped":false}', { headers: { "x-request-id": "r" } });
const steady = new ClaivClient({ ...QUICK, apiKey: "ck_fuzz", baseUrl: BASE, fetch: async () => right() });
const event = { user_id: "u", type: "message", content: "c" };

/** A promise has to settle, and fail with nothing but a ClaivError. */
async function settles(promise) {
  assert.ok(promise instanceof Promise, "a method gave no promise");
  let timer;
  const pending = new Promise((resolve) => {
    timer = setTimeout(resolve, PENDING, "pending");
  });
  const end = await Promise.race([promise.then(() => "fulfilled", (error) => error), pending]);
  clearTimeout(timer);
  assert.notEqual(end, "pending", "the promise is pending");
  if (end === "fulfilled") return;
  assert.ok(end instanceof ClaivError, `not a ClaivError: ${describe(end)}`);
  assert.equal(typeof end.message, "string");
  assert.ok(end.message.length < 20_000, `a message of ${end.message.length} characters`);
  JSON.stringify({ name: end.name, message: end.message, attempts: end.attempts });
}

/** The client that `make` gives; none where it throws, which has to be a ClaivError. */
function client(make) {
  try {
    return make();
  } catch (error) {
    assert.ok(error instanceof ClaivError, `not a ClaivError: ${describe(error)}`);
    return undefined;
  }
}

function describe(error) {
  try {
    return error?.stack ?? String(error);
  } catch {
    return "something that cannot be printed";
  }
}

/** Calls the makers among the values of a run. */
function make(value) {
  if (typeof value === "function") return value();
  return Array.isArray(value) ? value.map(make) : value;
}

/** A property, so many runs of it, and after each the proof that the client is still there. */
function fuzz(name, share, arbitrary, check) {
  const numRuns = Math.max(100, Math.round(RUNS * share));
  test(`${name}: ${numRuns} values`, async (t) => {
    t.diagnostic(`CLAIV_SEED=${SEED}`);
    await fc.assert(fc.asyncProperty(arbitrary, async (value) => {
      await check(make(value));
      assert.equal((await steady.ingest(event)).event_id, "e");
    }), { seed: SEED, numRuns, endOnFailure: true });
  });
}

const strings = ["u", "thread", "Plan a trip"];
const times = ["2026-01-31T12:00:00Z", "2026-01-31", "2025-12-31T23:59:59.999+01:00"];
const INGEST = { user_id: strings, type: ["message", "tool_call"], content: strings, thread_id: strings, role: ["user"], metadata: [{ a: 1 }], event_time: times, idempotency_key: strings };
const RECALL = { user_id: strings, task: strings, token_budget: [200, 8000], thread_id: strings, min_confidence: [0.5], scope: [{}], mode: ["state"], since: times, relations: [["likes"]], status: ["open"] };
const FORGET = { user_id: strings, thread_id: strings, from_time: times, to_time: times };
const PAGE = { user_id: strings, limit: [1, 20], offset: [0, 7] };
const CALL = { signal: [undefined], timeout: [200], totalTimeout: [200], maxRetries: [0, 1], maxRetryDelay: [1], headers: [{ a: "b" }, [["a", "b"]]], onResponse: [() => {}] };
const MANY = { ...CALL, concurrency: [1, 4], onProgress: [() => {}] };
const OPTIONS = {
  ...CALL, apiKey: ["ck_fuzz", async () => "ck_fuzz"], baseUrl: [BASE, "https://example.com/a/"], fetch: [async () => right(), () => right()], defaultHeaders: [{ a: "b" }],
  allowInsecureHttp: [true], validate: [true, false], autoIdempotency: [true, false], onRequest: [() => {}], onRetry: [() => {}], onError: [() => {}],
};

fuzz("requests", 0.3, fc.tuple(mostly({ ...INGEST }), mostly(RECALL), mostly(FORGET), fc.boolean()), async ([ingest, recall, forget, validate]) => {
  const one = new ClaivClient({ ...QUICK, apiKey: "ck_fuzz", baseUrl: BASE, validate, fetch: async () => right() });
  await settles(one.ingest(ingest));
  await settles(one.recall(recall));
  await settles(one.forget(forget));
  await settles(one.recallV2(recall));
  await settles(one.forgetV2(forget));
});

fuzz("arguments in paths and queries", 0.1, fc.tuple(exotic(), mostly(PAGE), fc.boolean()), async ([argument, page, validate]) => {
  const one = new ClaivClient({ ...QUICK, apiKey: "ck_fuzz", baseUrl: BASE, validate, fetch: async () => right() });
  await settles(one.getDeletionReceipt(argument));
  await settles(one.getUsageSummary(argument));
  await settles(one.getUsageBreakdown(argument));
  await settles(one.listDeletionReceipts(page));
});

fuzz("call options", 0.15, mostly(CALL), async (options) => {
  await settles(steady.ingest(event, options));
  await settles(steady.getUsageLimits(options));
  await settles(steady.healthCheck(options));
});

fuzz("many events", 0.1, fc.tuple(fc.oneof(fc.array(mostly(INGEST), { maxLength: 5 }), exotic()), mostly(MANY)), async ([events, options]) => {
  await settles(steady.ingestMany(events, options));
});

fuzz("client options", 0.15, mostly(OPTIONS), async (options) => {
  const one = client(() => new ClaivClient(options));
  if (one) await settles(one.ingest(event, { ...QUICK, maxRetries: 0 }));
  const other = client(() => ClaivClient.fromEnv(options, undefined)) ?? client(() => ClaivClient.fromEnv({ CLAIV_API_KEY: "ck_fuzz" }, options));
  if (other && options?.fetch) await settles(other.ingest(event, { ...QUICK, maxRetries: 0 }));
});

const RESPONSE = {
  status: [200, 201, 400, 429, 500, 503, 0], headers: [new Headers(), { get: () => "1" }], text: [async () => "{}", () => "{}"], body: [null], bodyUsed: [false], type: ["basic"], url: [BASE],
};
fuzz("what fetch gives", 0.1, fc.tuple(fc.oneof(nearly(RESPONSE), exotic()), fc.boolean()), async ([given, throws]) => {
  const fetch = () => {
    if (throws) throw given;
    return given;
  };
  const one = new ClaivClient({ ...QUICK, apiKey: "ck_fuzz", baseUrl: BASE, fetch });
  await settles(one.ingest(event));
  await settles(one.forget({ user_id: "u" }));
});

const errorFields = { code: ["c"], message: ["m"], request_id: ["r"], details: [{ retry_after: 1 }, { retry_after: "x" }] };
const asJson = (value) => {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch {
    return '{"error":';
  }
};
const body = fc.oneof(
  fc.json({ maxDepth: 5 }), fc.string({ unit: "binary", maxLength: 200 }), fc.uint8Array({ maxLength: 200 }),
  nearly({ error: [{ code: "c" }, "text", null, []], message: ["m"], detail: ["d"] }).map((make) => asJson(make())), nearly(errorFields).map((make) => asJson({ error: make() })),
  fc.tuple(nearly(errorFields).map((make) => asJson({ error: make() })), fc.nat(60)).map(([text, length]) => text.slice(0, length)),
);
const header = fc.oneof(fc.string({ unit: "binary-ascii", maxLength: 40 }), fc.constantFrom("1", "0.5", "-1", "1e9", "Fri, 31 Dec 9999 23:59:59 GMT", "true", "false", "9".repeat(200), "https://example.com/", "//["));
const answer = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 299, 300, 301, 307, 400, 401, 403, 404, 408, 409, 418, 429, 429, 500, 502, 503, 599),
  body,
  headers: fc.dictionary(fc.constantFrom("retry-after", "retry-after-ms", "date", "x-should-retry", "x-request-id", "location", "content-type", "content-length"), header),
});
fuzz("what a server answers", 0.2, fc.array(answer, { minLength: 1, maxLength: 3 }), async (answers) => {
  let turn = 0;
  const fetch = async () => {
    const { status, body: content, headers } = answers[Math.min(turn++, answers.length - 1)];
    const good = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      try {
        good.append(name, value);
      } catch {
        // What HTTP cannot carry does not arrive.
      }
    }
    return new Response(content, { status, headers: good });
  };
  const one = new ClaivClient({ ...QUICK, apiKey: "ck_fuzz", baseUrl: BASE, fetch, maxRetries: 3 });
  await settles(one.ingest(event));
  await settles(one.forget({ user_id: "u" }));
});

fuzz("hooks and functions that do anything", 0.05, fc.tuple(exotic(), exotic()), async ([given, key]) => {
  const returns = () => given;
  const throws = () => {
    throw given;
  };
  for (const hook of [returns, throws]) {
    const hooks = { onRequest: hook, onResponse: hook, onRetry: hook, onError: hook };
    const one = new ClaivClient({ ...QUICK, apiKey: () => key, baseUrl: BASE, fetch: async () => right(), ...hooks });
    await settles(one.ingest(event, { onResponse: hook }));
    const ending = new ClaivClient({ ...QUICK, ...hooks, apiKey: hook, baseUrl: BASE, fetch: async () => new Response("", { status: 503 }) });
    await settles(ending.ingest(event, { onResponse: hook }));
  }
});

test("calls within calls, and errors at the end of the stack, do no harm", async () => {
  let depth = 0;
  const within = { get user_id() { if (depth++ < 50) settles(steady.ingest(within)); return "u"; }, type: "message", content: "c" };
  await settles(steady.ingest(within));
  for (let i = 0; i < 5; i++) {
    let up = 0;
    const dive = () => {
      try {
        dive();
      } catch {
        // Only near the end does it matter.
        if (up++ < 300) try {
          steady.ingest(event).catch(() => {});
        } catch {
          // There was no room left for the call itself.
        }
        throw new Error("up again");
      }
    };
    assert.throws(dive);
    assert.equal((await steady.ingest(event)).event_id, "e");
  }
});

after(async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(unhandled.map(describe), [], "unhandled rejections");
});
