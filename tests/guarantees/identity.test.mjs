// Copies, proxies and methods without their client have no key, send nothing, and reject with an error that says what to do.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { ClaivClient, ClaivError } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";
import { METHODS } from "../support/methods.mjs";
import { KEY, rejection, thrown } from "../support/client.mjs";
import { program } from "./support.mjs";

const { cloneDeep } = createRequire(import.meta.url)("lodash");
const EVENT = { user_id: "u", type: "message", content: "c" };
const BASE = "https://memory.example.com/prefix";

/** A client that notes what it sends. */
function make(Class = ClaivClient) {
  const sent = [];
  const fetch = async (url, { headers }) => {
    sent.push([url, headers.authorization]);
    return new Response('{"event_id":"e","documents":[{"document_id":"d"}],"collections":[],"receipts":[],"total":1}');
  };
  return { sent, client: new Class({ apiKey: KEY, baseUrl: BASE, fetch, maxRetries: 0, defaultHeaders: { "x-secret": KEY } }) };
}

/** A class that never calls its parent's constructor. */
class Without extends ClaivClient {
  constructor() {
    return Object.create(Without.prototype);
  }
}

const COPIES = {
  "lodash.cloneDeep(client)": cloneDeep,
  "{ ...client } with the prototype": (client) => Object.setPrototypeOf({ ...client }, ClaivClient.prototype),
  "Object.assign(Object.create(ClaivClient.prototype), client)": (client) => Object.assign(Object.create(ClaivClient.prototype), client),
  "all its property descriptors": (client) => Object.create(Object.getPrototypeOf(client), Object.getOwnPropertyDescriptors(client)),
  "Object.create(ClaivClient.prototype)": () => Object.create(ClaivClient.prototype),
  "Object.create(client)": (client) => Object.create(client),
  "Object.setPrototypeOf({}, ClaivClient.prototype)": () => Object.setPrototypeOf({}, ClaivClient.prototype),
  "Object.setPrototypeOf({}, client)": (client) => Object.setPrototypeOf({}, client),
  "structuredClone(client) with the prototype": (client) => Object.setPrototypeOf(structuredClone(client), ClaivClient.prototype),
  "a Proxy of it": (client) => new Proxy(client, {}),
  "a subclass without super()": () => new Without(),
  "Reflect.construct of another class with its prototype": () => Reflect.construct(Object, [], ClaivClient),
};

/** What every error of this kind is. */
function says(error) {
  assert.equal(error.constructor, ClaivError, error.stack);
  assert.deepEqual(error.attempts, []);
  assert.equal(error.mayHaveBeenApplied, false);
  // What it is, and what to do.
  assert.match(error.message, /copy|copies|without its client|not a client|no client/i);
  assert.match(error.message, /call|use|bind/i);
  assert.ok(!/__wbg|null pointer|undefined/.test(error.message), error.message);
}

for (const [how, copy] of Object.entries(COPIES)) {
  test(`${how}: every async method rejects with a ClaivError that says what to do, and sends nothing`, async () => {
    const { client, sent } = make();
    for (const { name, call } of [...METHODS, { name: "ingestMany", call: (c) => c.ingestMany([EVENT]) }]) {
      const promise = call(copy(client));
      assert.ok(promise instanceof Promise, name);
      says(await rejection(promise));
    }
    assert.deepEqual(sent, []);
    assert.equal((await client.ingest(EVENT)).event_id, "e", "the client itself works");
  });

  test(`${how}: close and the iterators throw the same ClaivError, and the client stays open`, async () => {
    const { client, sent } = make();
    for (const work of [(c) => c.close(), (c) => c.documents({ user_id: "u" }), (c) => c.collections({ user_id: "u" }), (c) => c.deletionReceipts(),
      ...(Symbol.dispose ? [(c) => c[Symbol.dispose]()] : [])]) says(thrown(() => work(copy(client))));
    if (Symbol.asyncDispose) says(await rejection(copy(client)[Symbol.asyncDispose]()));
    assert.deepEqual(sent, []);
    assert.equal((await client.ingest(EVENT)).event_id, "e");
  });
}

const OTHERS = {
  nothing: undefined, null: null, "a number": 1, "a text": "client", "a symbol": Symbol("client"), "an object": {}, globalThis, "the class": ClaivClient, "its prototype": ClaivClient.prototype,
  "an object with a handle": { __wbg_ptr: 1_048_576 }, "a Proxy that has everything": new Proxy({}, { has: () => true, get: () => 1_048_576 }),
};

for (const [what, self] of Object.entries(OTHERS)) {
  test(`methods that are called on ${what} reject with a ClaivError that says what to do, and send nothing`, async () => {
    const { client, sent } = make();
    const { ingest, recall, ingestMany, healthCheck, close, documents } = client;
    for (const [method, ...args] of [[ingest, EVENT], [recall, { user_id: "u", task: "t", token_budget: 500 }], [ingestMany, [EVENT]], [healthCheck]]) {
      const promise = Reflect.apply(method, self, args);
      assert.ok(promise instanceof Promise);
      says(await rejection(promise));
    }
    says(thrown(() => Reflect.apply(close, self, [])));
    says(thrown(() => Reflect.apply(documents, self, [{ user_id: "u" }])));
    assert.deepEqual(sent, []);
  });
}

test("const { recall } = client; recall(…) rejects, and a bound one works", async () => {
  const { client } = make();
  const { ingest } = client;
  says(await rejection(ingest(EVENT)));
  assert.equal((await ingest.bind(client)(EVENT)).event_id, "e");
  assert.equal((await ClaivClient.prototype.ingest.call(client, EVENT)).event_id, "e");
  assert.equal((await Promise.all([EVENT, EVENT].map(function (event) { return ingest.call(this, event); }, client))).length, 2, "map with a this");
});

test("own properties that look like a client's are nobody's: they change nothing", async () => {
  const { client, sent } = make();
  Object.assign(client, { __wbg_ptr: 7, apiKey: "other" });
  assert.throws(() => { client.baseUrl = "https://example.com"; }, TypeError);
  await client.ingest(EVENT);
  assert.deepEqual(sent, [[`${BASE}/v1/ingest`, `Bearer ${KEY}`]]);
});

test("a frozen or sealed client works", async () => {
  for (const fix of [Object.freeze, Object.seal, Object.preventExtensions]) assert.equal((await fix(make().client).ingest(EVENT)).event_id, "e");
});

test("copies of clients under garbage collection send nothing, and no key reaches another client's server", async () => {
  const { a, b, ends, wrong, error } = await program("collected.mjs", [300], { flags: ["--expose-gc"], timeout: 90_000 });
  assert.equal(error, undefined);
  // The server of the originals, which were never called, got no request; the other one only those of its own clients.
  assert.deepEqual({ a, b }, { a: [], b: [["Bearer key-of-b", 300]] });
  assert.deepEqual(wrong, []);
  assert.deepEqual(ends, { ClaivError: 600 });
});

class Sub extends ClaivClient {
  greet(user) {
    return this.recall({ user_id: user, task: "Greet", token_budget: 500 });
  }
  async ingest(event, options) {
    return { ...(await super.ingest(event, options)), seen: true };
  }
}

test("a subclass works: its methods, its overrides, and what it inherits", async () => {
  const { client, sent } = make(Sub);
  assert.ok(client instanceof Sub && client instanceof ClaivClient);
  assert.deepEqual([(await client.ingest(EVENT)).seen, (await client.greet("u")).event_id], [true, "e"]);
  for await (const { document_id } of client.documents({ user_id: "u" })) assert.equal(document_id, "d");
  assert.equal(sent.length, 3);
  client.close();
  await rejection(client.greet("u"));
});

test("Sub.fromEnv() gives a Sub, a subclass with a constructor of its own included", async () => {
  class Own extends ClaivClient {
    #note;
    constructor(options) {
      super(options);
      this.#note = "own";
    }
    get note() { return this.#note; }
  }
  const env = { CLAIV_API_KEY: KEY, CLAIV_BASE_URL: BASE };
  const sub = Sub.fromEnv(env, { fetch: async () => new Response('{"event_id":"e"}') });
  assert.ok(sub instanceof Sub);
  assert.equal((await sub.ingest(EVENT)).seen, true);
  assert.equal(Own.fromEnv(env).note, "own");
  assert.equal(ClaivClient.fromEnv(env).constructor, ClaivClient);
});

test("console.log(client), util.inspect, JSON and String show the class and baseUrl, and nothing more", () => {
  const shown = (client) => {
    let text = "";
    new Console(new Writable({ write(chunk, _, done) { text += chunk; done(); } })).log(client);
    return text.trim();
  };
  for (const Class of [ClaivClient, Sub]) {
    const { client } = make(Class);
    assert.match(shown(client), new RegExp(`^${Class.name} \\{ baseUrl: '${BASE}/?' \\}$`));
    assert.match(inspect({ client }), new RegExp(`^\\{\\s*client: ${Class.name} \\{ baseUrl: '${BASE}/?' \\}\\s*\\}$`));
    for (const text of [inspect(client, { showHidden: true, depth: 10, getters: true }), inspect(client, { depth: -1 }), JSON.stringify(client), JSON.stringify({ client }), String(client)]) {
      assert.ok(!text.includes(KEY) && !/__wbg|ptr|\d{6}/.test(text), text);
    }
    const json = JSON.parse(JSON.stringify(client));
    assert.ok(Object.keys(json).every((name) => name === "baseUrl"), JSON.stringify(json));
    assert.deepEqual(Object.keys(client), ["baseUrl"], "nothing else to copy");
  }
  // Inspecting a copy shows nothing of the client.
  assert.ok(!inspect(Object.create(ClaivClient.prototype)).includes("baseUrl: 'https"));
  assert.equal(typeof inspect(ClaivClient.prototype), "string");
});

test("an emulator is itself or nothing, too: copies and detached methods throw or reject with a ClaivError's message, its fetch is bound", async () => {
  const emulator = new ClaivEmulator();
  const { fetch } = emulator;
  const claiv = new ClaivClient({ apiKey: "k", fetch });
  await claiv.ingest(EVENT);
  const methods = ["addFault", "exportState"].filter((name) => typeof emulator[name] === "function");
  assert.ok(methods.length > 0);
  const copies = [cloneDeep, (one) => Object.setPrototypeOf({ ...one }, ClaivEmulator.prototype), () => Object.create(ClaivEmulator.prototype), (one) => Object.create(one),
    (one) => Object.assign(Object.create(ClaivEmulator.prototype), one), (one) => new Proxy(one, {})];
  for (const copy of copies) {
    for (const name of methods) {
      const error = thrown(() => copy(emulator)[name]({ status: 503 }), Error);
      assert.match(error.message, /copy|without its emulator|no emulator|not an emulator/i);
      assert.ok(!/__wbg|null pointer/.test(error.message), error.message);
    }
  }
  for (const name of methods) assert.match(thrown(() => Reflect.apply(emulator[name], undefined, [{ status: 503 }]), Error).message, /copy|without its emulator|no emulator|not an emulator/i);
  // The copies did nothing to the emulator.
  await claiv.ingest(EVENT);
  assert.equal(emulator.requests.length, 2);
  assert.ok(!/__wbg|ptr/.test(inspect(emulator, { showHidden: true })));
});

test("a subclass of the emulator works, and console.log(emulator) shows its class", async () => {
  class Mine extends ClaivEmulator {}
  const mine = new Mine();
  assert.equal((await new ClaivClient({ apiKey: "k", fetch: mine.fetch }).ingest(EVENT)).deduped, false);
  assert.match(inspect(mine), /^Mine\b/);
});
