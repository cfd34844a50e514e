// All scenarios under one pollution of the built-in prototypes. Prints how each call ended.
//   node pollution.mjs <early|late> <pollution>       whether prototypes are polluted before the package is imported, or after
const [, , when, name] = process.argv;

// What this program and a stub of fetch need is taken from the world as it was.
const { defineProperty, freeze, getPrototypeOf } = Object;
const { apply, construct } = Reflect;
const { then } = Promise.prototype;
const { stringify } = JSON;
const NativePromise = Promise;
const NativeMap = Map;
const later = setTimeout;
const cancel = clearTimeout;

const NAMES = ["message", "status", "class", "cause", "name", "code", "get", "set", "value", "writable", "enumerable", "configurable", "headers", "body", "signal", "method", "text",
  "ok", "aborted", "reason", "done", "stack", "attempts", "issues", "timeout", "apiKey", "baseUrl", "fetch", "user_id", "content", "idempotency_key", "error", "toJSON", "then", "length", "0",
  "constructor", "__wbg_ptr", "maxResponseBytes", "redirect", "authorization"];
const ACCESSORS = { undefined: () => undefined, text: () => "polluted", number: () => 7, object: () => ({}), "what throws": () => { throw new Error("polluted"); } };
const VALUES = { "a text": "polluted", "a number": 7, null: null, "an object": {}, "a function": () => "polluted" };

/** Each returns a function that undoes it. */
function pollutions() {
  const all = {};
  const onObject = (key, descriptor) => () => {
    const was = Object.getOwnPropertyDescriptor(Object.prototype, key);
    // Without a prototype: the next pollution of `get` must not meet this one.
    defineProperty(Object.prototype, key, Object.assign(Object.create(null), descriptor, { configurable: true }));
    return () => { if (was) defineProperty(Object.prototype, key, Object.assign(Object.create(null), was)); else delete Object.prototype[key]; };
  };
  for (const key of NAMES) {
    // Everything would be a thenable, or nobody could be given an object by a promise; that is beyond repair for any program.
    const harmless = key === "then" ? ["undefined", "number"] : Object.keys(ACCESSORS);
    for (const kind of harmless) all[`an accessor ${key} without a setter that gives ${kind}`] = onObject(key, { get: ACCESSORS[kind] });
    for (const [kind, value] of Object.entries(VALUES)) {
      if (key === "then" && kind === "a function") continue;
      all[`${key} that is ${kind}`] = onObject(key, { value, writable: true });
      all[`${key} that is ${kind} and cannot be written`] = onObject(key, { value, writable: false });
    }
  }
  return all;
}

const nothing = () => {};
function replace(owner, key, make) {
  const was = Object.getOwnPropertyDescriptor(owner, key);
  defineProperty(owner, key, { ...was, value: make(was.value) });
  return () => defineProperty(owner, key, was);
}
const each = (undos) => () => { for (const undo of undos) undo(); };

const WORLDS = {
  "frozen prototypes"() {
    for (const one of [Object, Array, Function, Error, TypeError, RangeError, Promise, String, Number, Map, Set, WeakMap, RegExp, Date, Uint8Array, AbortSignal, AbortController, EventTarget]) {
      freeze(one.prototype);
      freeze(one);
    }
    freeze(getPrototypeOf(Uint8Array.prototype));
    return nothing;
  },
  "something enumerable on Array.prototype and Object.prototype"() {
    Array.prototype.extra = () => "extra";
    Object.prototype.extra = "extra";
    return () => { delete Array.prototype.extra; delete Object.prototype.extra; };
  },
  "patched methods of Array.prototype": () => each(["push", "pop", "map", "slice", "includes", "indexOf", "concat", "forEach", "join"].map((key) =>
    replace(Array.prototype, key, (original) => function patched(...args) { return apply(original, this, args); }))),
  // Not push and pop, without which Node itself runs no timer.
  "methods of Array.prototype that throw": () => each(["map", "slice", "includes", "indexOf", "concat", "forEach", "filter", "join"].map((key) =>
    replace(Array.prototype, key, () => () => { throw new Error("polluted"); }))),
  "a Promise that is somebody's subclass"() {
    return replace(globalThis, "Promise", (original) => class ZonePromise extends original {
      then(...args) { return super.then(...args); }
    });
  },
  "a patched then": () => replace(Promise.prototype, "then", (original) => function patched(yes, no) {
    return apply(original, this, [typeof yes === "function" ? (value) => yes(value) : yes, typeof no === "function" ? (reason) => no(reason) : no]);
  }),
  "a then that throws": () => replace(Promise.prototype, "then", () => () => { throw new Error("polluted"); }),
  "a Promise that cannot be made": () => replace(globalThis, "Promise", (original) => new Proxy(original, { construct() { throw new Error("polluted"); } })),
  "an instanceof that throws": () => {
    const was = Object.getOwnPropertyDescriptor(Error, Symbol.hasInstance);
    defineProperty(Error, Symbol.hasInstance, { value() { throw new Error("polluted"); }, configurable: true });
    return () => { if (was) defineProperty(Error, Symbol.hasInstance, was); else delete Error[Symbol.hasInstance]; };
  },
  "an Error.prepareStackTrace that throws": () => { Error.prepareStackTrace = () => { throw new Error("polluted"); }; return () => { delete Error.prepareStackTrace; }; },
  "an Error.stackTraceLimit that cannot be written": () => { defineProperty(Error, "stackTraceLimit", { value: 10, writable: false, configurable: true }); return nothing; },
};
/** Where every call has to do what it always does, not only to end well. */
const HARMLESS = ["frozen prototypes", "something enumerable on Array.prototype and Object.prototype", "patched methods of Array.prototype", "a Promise that is somebody's subclass",
  "a patched then", "an Error.stackTraceLimit that cannot be written"];

const answer = (value, status = 200) => {
  const body = stringify(value);
  // Own fields, so that the stub itself is not polluted.
  return { __proto__: null, status, ok: status < 300, body: undefined, headers: new NativeMap(), text: () => new NativePromise((resolve) => resolve(body)) };
};
const FETCHES = {
  __proto__: null,
  right: () => answer({ __proto__: null, event_id: "e" }),
  refused: () => answer({ __proto__: null, error: { __proto__: null, code: "c", message: "m", request_id: "r" } }, 400),
  broken: () => { throw new TypeError("no network"); },
  html: () => ({ __proto__: null, status: 200, headers: new NativeMap(), body: undefined, text: () => new NativePromise((resolve) => resolve("<html>")) }),
  hangs: () => new NativePromise(nothing),
};
const EVENT = { user_id: "u", type: "message", content: "c" };
const SCENARIOS = {
  __proto__: null,
  right: ["fulfilled"], refused: ["ClaivBadRequestError"], broken: ["ClaivNetworkError"], html: ["ClaivResponseError"], hangs: ["ClaivTimeoutError"],
  aborted: ["AbortError"], invalid: ["ClaivValidationError"],
};
const WHATS = Object.keys(SCENARIOS);

let wrong = [];
const note = (text) => { wrong[wrong.length] = text; };
process.on("uncaughtException", (error) => note(`uncaughtException: ${shown(error)}`));
process.on("unhandledRejection", (error) => note(`unhandledRejection: ${shown(error)}`));

function shown(error) {
  try {
    return `${error?.stack ?? error}`.slice(0, 300);
  } catch {
    return "something that cannot be shown";
  }
}

const ending = (promise) => new NativePromise((resolve) => {
  const timer = later(() => resolve(["pending"]), 1500);
  apply(then, promise, [() => { cancel(timer); resolve(["fulfilled"]); }, (error) => { cancel(timer); resolve(["rejected", error]); }]);
});

async function scenario({ ClaivClient, ClaivError }, what, harmless) {
  const options = { __proto__: null, apiKey: "k", baseUrl: "http://127.0.0.1:9", fetch: FETCHES[what] ?? FETCHES.hangs, timeout: 10, maxRetries: 0 };
  let promise;
  try {
    const client = new ClaivClient(options);
    const controller = what === "aborted" ? new AbortController() : undefined;
    promise = client.ingest(what === "invalid" ? { __proto__: null, user_id: 5 } : { __proto__: null, ...EVENT }, controller && { __proto__: null, signal: controller.signal });
    controller?.abort();
  } catch (error) {
    if (!(error instanceof ClaivError)) return `threw ${shown(error)}`;
    return harmless ? `threw ${shown(error)}` : undefined;
  }
  const [how, error] = await ending(promise);
  if (how === "pending") return "is pending";
  if (how === "rejected" && !(error instanceof ClaivError)) return `rejected with ${shown(error)}`;
  const end = how === "rejected" ? error.name : how;
  return harmless && end !== SCENARIOS[what][0] ? `ended in ${end}: ${shown(error)}` : undefined;
}

async function polluted(title, pollute, load) {
  wrong = [];
  const harmless = HARMLESS.includes(title);
  const ends = [];
  let undo;
  try {
    undo = pollute();
    const names = await load();
    for (const what of WHATS) {
      const end = await scenario(names, what, harmless);
      if (end) ends[ends.length] = `${what}: ${end}`;
    }
    await new NativePromise((resolve) => setImmediate(resolve));
  } finally {
    undo?.();
  }
  return [...ends, ...wrong].map((text) => `${title}: ${text}`);
}

const load = () => import("claiv-memory");
const loaded = when === "late" ? await load() : undefined;
let cases = 0;
const broken = [];
for (const [title, pollute] of name ? [[name, WORLDS[name]]] : Object.entries(pollutions())) {
  if (broken.length >= 20) break;
  cases += 1;
  broken.push(...await polluted(title, pollute, loaded ? async () => loaded : load));
}
// Without the pollution the client must work.
const { ClaivClient } = await load();
const after = await new ClaivClient({ apiKey: "k", fetch: async () => construct(Response, ['{"event_id":"e"}']) }).ingest(EVENT).then(({ event_id }) => event_id, shown);
console.log(stringify({ cases, broken, after }));
process.exit();
