// An error's stack has the frames of whoever awaited the call. Hosts that tell nobody who awaited, by a probe, are left out.
import { equal, event, group, ok, sleep, task } from "../context.mjs";

/** Awaits a call that fails, in a function with a name of its own, and gives its error. Bundlers may shorten the name: it is asked for. */
async function whoAwaited(call) {
  try {
    return ok(false, `resolved to ${JSON.stringify(await call())}`);
  } catch (error) {
    return error;
  }
}

/** What any async function would show in the client's place. */
async function plain() {
  await sleep(1);
  throw new Error("plain");
}

const frames = (error) => String(error.stack).split("\n").filter((line) => !line.includes(error.message));
const awaited = (error) => frames(error).some((line) => new RegExp(`(^|[^\\w$])${whoAwaited.name.replaceAll("$", "\\$")}([^\\w$]|$)`).test(line));

const KINDS = {
  "a validation error": [(t) => t.make().ingest({ user_id: 5 }), "ClaivValidationError"],
  "an API error": [(t) => t.make({ fetch: async () => refusal(400) }).ingest(event(t)), "ClaivBadRequestError"],
  "an API error after retries": [(t) => t.make({ fetch: async () => refusal(503), maxRetryDelay: 1 }).ingest(event(t)), "ClaivServerError"],
  "an answer that is no JSON": [(t) => t.make({ fetch: async () => ({ status: 200, headers: new Map(), text: async () => "<html>" }) }).recall(task(t)), "ClaivResponseError"],
  "a timeout": [(t) => t.make({ fetch: () => new Promise(() => {}), timeout: 10 }).ingest(event(t)), "ClaivTimeoutError"],
  "a lost connection": [(t) => t.make({ fetch: async () => { await sleep(1); throw new TypeError("no network"); }, maxRetries: 0 }).ingest(event(t)), "ClaivNetworkError"],
  "an abort": [(t) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    return t.make({ fetch: () => new Promise(() => {}) }).ingest(event(t), { signal: controller.signal });
  }, "ClaivAbortError"],
  "an apiKey function that fails": [(t) => t.make({ apiKey: async () => { throw new Error("no key"); } }).ingest(event(t)), "ClaivError"],
  "a closed client": [(t) => { const claiv = t.make(); claiv.close(); return claiv.ingest(event(t)); }, "ClaivError"],
};

const refusal = (status) => ({ status, headers: new Map(), text: async () => '{"error":{"code":"c","message":"m","request_id":"r"}}' });

export const stacks = group("stacks", Object.fromEntries(Object.entries(KINDS).map(([what, [call, name]]) => [
  `${what} has the caller's frames`, async (t) => {
    if (!awaited(await whoAwaited(plain))) t.skip("this host's stacks do not tell who awaited");
    const error = await whoAwaited(() => call(t));
    equal(error.constructor, t.names[name], String(error));
    ok(awaited(error), `${whoAwaited.name} is not in\n${error.stack}`);
  },
])));
