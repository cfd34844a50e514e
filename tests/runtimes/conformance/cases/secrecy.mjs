// The key is shown nowhere; and what a browser asks of a server of another origin.
import { KEY, equal, event, group, ok, rejection, same, task } from "../context.mjs";

const hidden = (text, where) => ok(!String(text).includes(KEY), `the key is in ${where}: ${text}`);

/** All that can be reached from an object by its properties, hidden and inherited ones too. */
function reachable(value, found = [], seen = new Set()) {
  if (typeof value === "string") found.push(value);
  if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value) || seen.size > 5000) return found;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const { value: inner } = Object.getOwnPropertyDescriptor(value, key);
    reachable(inner, found, seen);
  }
  return found;
}

const secret = group("secrecy", {
  "JSON.stringify"(t) {
    hidden(JSON.stringify(t.make()), "the JSON of the client");
    hidden(JSON.stringify({ nested: [t.make()] }), "the JSON of an object with the client");
  },

  "toString"(t) {
    hidden(String(t.make()), "String(client)");
    hidden(`${t.make()}`, "a template");
    hidden(Object.prototype.toString.call(t.make()), "Object.prototype.toString");
  },

  "what the host prints of a client"(t) {
    t.need("inspect");
    if (!t.host.inspect) t.skip("this host has no function that prints an object");
    hidden(t.host.inspect(t.make({ defaultHeaders: { "x-a": "b" } })), "inspect");
  },

  "properties, hidden ones too"(t) {
    const claiv = t.make();
    for (const text of reachable(claiv)) hidden(text, "a property");
    for (const [name, value] of Object.entries({ ...claiv })) hidden(`${name} ${value}`, "a copy");
  },

  async "errors of every kind"(t) {
    const failing = async () => { throw new Error("no"); };
    const closed = t.make();
    closed.close();
    const failures = [
      t.make({ fetch: failing, maxRetries: 0 }).ingest(event(t)),
      t.make({ fetch: async () => null, maxRetries: 0 }).ingest(event(t)),
      t.make({ fetch: () => new Promise(() => {}), timeout: 10 }).ingest(event(t)),
      t.make().ingest({}),
      closed.healthCheck(),
    ];
    for (const error of await Promise.all(failures.map((one) => rejection(one, t.names.ClaivError)))) {
      for (const text of [error.message, error.stack, String(error), JSON.stringify(error), ...reachable(error)]) hidden(text, error.name);
    }
  },

  async "an answer that echoes it"(t) {
    const error = await rejection(t.hostile("echo-key").recall(task(t)), t.names.ClaivBadRequestError);
    for (const text of [error.message, error.stack, JSON.stringify(error), ...reachable(error.details)]) hidden(text, "the error");
    ok(JSON.stringify(error).includes("[redacted]"));
  },

  async "what hooks are told"(t) {
    const hookCalls = [];
    const note = (more) => hookCalls.push(JSON.stringify(more));
    const { emulator, claiv } = t.local({ onRequest: note, onResponse: note, onRetry: note, onError: note });
    emulator.addFault([{ status: 503, headers: { "retry-after-ms": "1" } }, { status: 400 }]);
    await rejection(claiv.ingest(event(t)), t.names.ClaivBadRequestError);
    ok(hookCalls.length >= 5);
    hidden(hookCalls.join(), "a hook");
  },
});

const cors = group("cors", {
  async "preflights ask for authorization, content-type and accept at most"(t) {
    t.need("cors");
    await t.hostile("echo").ingest(event(t));
    const { preflights, asked } = await t.seen();
    ok(preflights >= 1, "there was no preflight, so the origins are the same");
    same(asked.filter((name) => !["authorization", "content-type", "accept"].includes(name)), []);
  },

  async "no cookies are sent along"(t) {
    t.need("cors");
    await t.hostile("echo").ingest(event(t));
    equal((await t.seen()).cookies, 0);
  },

  async "Retry-After and request id are seen where the server exposes them"(t) {
    t.need("cors");
    const error = await rejection(t.hostile("once-429").recall(task(t)), t.names.ClaivRateLimitError);
    same([error.retryAfterMs, error.headers.get("x-request-id")], [1000, "req-hostile"]);
  },

  async "a server that allows no other origin is a ClaivNetworkError"(t) {
    t.need("cors");
    await rejection(t.hostile("no-cors").recall(task(t)), t.names.ClaivNetworkError);
  },
});

export const secrecy = [secret, cors].flat();
