// Every error class, made by what makes it in real life.
import { equal, event, group, ok, rejection, same, sleep, task } from "../context.mjs";

const STATUSES = [
  [400, "ClaivBadRequestError"], [401, "ClaivAuthenticationError"], [403, "ClaivPermissionError"], [404, "ClaivNotFoundError"],
  [409, "ClaivConflictError"], [429, "ClaivRateLimitError"], [500, "ClaivServerError"], [503, "ClaivServerError"], [418, "ClaivApiError"],
];

const ofStatus = ([status, name]) => [`status ${status} is a ${name}`, async (t) => {
  const error = await rejection(t.hostile(`status-${status}`).recall(task(t)), t.names[name]);
  ok(error instanceof t.names.ClaivApiError && error instanceof t.names.ClaivError);
  equal(error.name, name);
  equal(error.constructor.name, name);
  same([error.status, error.code, error.requestId, error.details], [status, `code_${status}`, "req-hostile", { n: status }]);
  equal(error.headers.get("x-request-id"), "req-hostile");
  equal(error.attempts.length, 1);
}];

export const errors = group("errors", {
  async "ClaivValidationError tells every fault, and nothing is sent"(t) {
    let sent = 0;
    const claiv = t.make({ fetch: () => { sent++; } });
    const error = await rejection(claiv.recall({ user_id: "", task: 5, token_budget: 199 }), t.names.ClaivValidationError);
    same(error.issues.map(({ path }) => path).sort(), ["task", "token_budget", "user_id"]);
    equal(sent, 0);
  },

  ...Object.fromEntries(STATUSES.map(ofStatus)),

  async "ClaivNetworkError: nobody listens"(t) {
    t.need("http");
    const claiv = t.make({ baseUrl: t.host.urls.refused, maxRetries: 0 });
    const error = await rejection(claiv.recall(task(t)), t.names.ClaivNetworkError);
    ok(error.cause !== undefined, "there is no cause");
    equal(error.attempts.length, 1);
  },

  async "ClaivNetworkError: the answer breaks off"(t) {
    const error = await rejection(t.hostile("cut").recall(task(t)), t.names.ClaivNetworkError);
    equal(error.mayHaveBeenApplied, true);
  },

  async "ClaivResponseError: a page of HTML with status 200"(t) {
    const error = await rejection(t.hostile("html").recall(task(t)), t.names.ClaivResponseError);
    equal(error.status, 200);
    ok(error.excerpt.startsWith("<html>"), error.excerpt);
  },

  async "ClaivResponseError: a redirect is not followed, and the key goes nowhere else"(t) {
    const error = await rejection(t.hostile("redirect").recall(task(t)), t.names.ClaivResponseError);
    // Browsers hide what the redirect was.
    ok([0, 302].includes(error.status), `status ${error.status}`);
    equal((await t.seen()).followed, 0);
  },

  async "ClaivServerError: an error page of a proxy, with the status kept"(t) {
    const error = await rejection(t.hostile("proxy").recall(task(t)), t.names.ClaivServerError);
    same([error.status, error.code], [502, "unknown"]);
  },

  async "ClaivTimeoutError"(t) {
    const error = await rejection(t.hostile("hang").recall(task(t), { timeout: 60 }), t.names.ClaivTimeoutError);
    same([error.timeoutMs, error.scope, error.attempt], [60, "attempt", 1]);
  },

  async "ClaivAbortError"(t) {
    const controller = new AbortController();
    const reason = new Error("the user went away");
    const pending = rejection(t.hostile("hang").recall(task(t), { signal: controller.signal }), t.names.ClaivAbortError);
    await sleep(20);
    controller.abort(reason);
    const error = await pending;
    equal(error.name, "AbortError");
    equal(error.cause, reason);
  },

  async "ClaivError: an apiKey function that fails"(t) {
    const cause = new Error("no token");
    const claiv = t.make({ apiKey: async () => { throw cause; } });
    const error = await rejection(claiv.recall(task(t)), t.names.ClaivError);
    equal(error.constructor, t.names.ClaivError);
    equal(error.cause, cause);
  },

  async "what fetch throws, whatever it is, comes out as a ClaivError"(t) {
    for (const reason of ["a string", undefined, null, { odd: true }, new Error("plain"), new TypeError("type")]) {
      const error = await rejection(t.make({ fetch: async () => { throw reason; }, maxRetries: 0 }).recall(task(t)), t.names.ClaivNetworkError);
      equal(error.cause, reason);
    }
    await rejection(t.make({ fetch: () => { throw new Error("at once"); }, maxRetries: 0 }).ingest(event(t)), t.names.ClaivNetworkError);
    await rejection(t.make({ fetch: async () => ({ no: "response" }), maxRetries: 0 }).ingest(event(t)), t.names.ClaivResponseError);
  },

  "errors are recognised across two copies of the package"(t) {
    const brand = Symbol.for("claiv-memory.errors");
    // Not a literal: Rollup drops what it thinks nobody reads from one.
    const foreign = Object.fromEntries([[brand, ["ClaivError", "ClaivApiError"]]]);
    ok(foreign instanceof t.names.ClaivError && foreign instanceof t.names.ClaivApiError);
    ok(!(foreign instanceof t.names.ClaivServerError) && !({} instanceof t.names.ClaivError));
  },
});
