// Headers that the caller adds, and those that only the client sets.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "node:test";
import { inspect } from "node:util";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { KEY, connect, paths, rejection, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const refuse = (defaultHeaders) => thrown(() => new ClaivClient({ apiKey: KEY, defaultHeaders }), ClaivValidationError);

const FORMS = {
  "a plain object": (pairs) => Object.fromEntries(pairs),
  "a Headers": (pairs) => new Headers(pairs),
  "an array of pairs": (pairs) => pairs,
  "a Map": (pairs) => new Map(pairs),
  "an object without prototype": (pairs) => Object.freeze(Object.assign(Object.create(null), Object.fromEntries(pairs))),
};
const PAIRS = [["X-Team", "memory"], ["x-empty", ""], ["x-latin", "caf\u00e9"], ["X-Trace", "  padded\t"]];

for (const [form, make] of Object.entries(FORMS)) {
  test(`${form} of headers goes with every request of a client`, async (t) => {
    const server = await serve(t);
    const client = connect(server, { defaultHeaders: make(PAIRS) });
    await client.healthCheck();
    await client.recall({ user_id: "u", task: "t", token_budget: 200 });
    for (const { headers } of server.requests) {
      assert.deepEqual(
        [headers["x-team"], headers["x-empty"], headers["x-latin"], headers["x-trace"]],
        ["memory", "", "caf\u00e9", "padded"],
      );
    }
    assert.equal(server.requests.length, 2);
  });

  test(`${form} of headers goes with one call, over the client's own`, async (t) => {
    const server = await serve(t);
    const client = connect(server, { defaultHeaders: { "x-TEAM": "default", "x-other": "kept" } });
    await client.getUsageLimits({ headers: make(PAIRS) });
    await client.getUsageLimits();
    assert.deepEqual(server.requests.map(({ headers }) => [headers["x-team"], headers["x-other"]]), [
      ["memory", "kept"], ["default", "kept"],
    ]);
  });
}

test("a name given twice carries both values", async (t) => {
  const server = await serve(t);
  await connect(server, { defaultHeaders: [["x-tag", "a"], ["X-Tag", "b"]] }).healthCheck();
  assert.equal(server.requests[0].headers["x-tag"], "a, b");
});

for (const name of ["authorization", "Authorization", "CONTENT-TYPE", "Accept", "Content-Length"]) {
  for (const [form, make] of Object.entries(FORMS)) {
    test(`${name} is the client's own and cannot be given in ${form}`, async (t) => {
      const server = await serve(t);
      const given = make([["x-ok", "1"], [name, "hidden-value"]]);
      const error = refuse(given);
      assert.deepEqual(paths(error), [`defaultHeaders.${name.toLowerCase()}`]);
      const late = await rejection(connect(server).getUsageLimits({ headers: given }), ClaivValidationError);
      assert.deepEqual(paths(late), [`options.headers.${name.toLowerCase()}`]);
      assert.equal(server.requests.length, 0);
      for (const one of [error, late]) assert.ok(!inspect(one, { showHidden: true, depth: 9 }).includes("hidden-value"));
    });
  }
}

const BAD = {
  "a line break in a value": { "x-a": "hidden-value\r\nx-b: 1" },
  "a NUL in a value": { "x-a": "hidden-value\0" },
  "a value beyond Latin-1": { "x-a": "hidden-value-ключ" },
  "a lone surrogate in a value": { "x-a": "hidden-value-\ud83d" },
  "a value that cannot be a string": { "x-a": Symbol("hidden-value") },
  "a value whose toString throws": { "x-a": { toString() { throw new Error("hidden-value"); } } },
  "a getter that throws": { get "x-a"() { throw new Error("hidden-value"); } },
};

for (const [what, headers] of Object.entries(BAD)) {
  test(`${what} is refused by its name, and the value is not shown`, async (t) => {
    const server = await serve(t);
    const error = refuse({ "x-fine": "1", ...Object.getOwnPropertyDescriptors({}), ...copy(headers) });
    assert.deepEqual(paths(error), ["defaultHeaders.x-a"]);
    const late = await rejection(connect(server).getUsageLimits({ headers }), ClaivValidationError);
    assert.deepEqual(paths(late), ["options.headers.x-a"]);
    assert.equal(server.requests.length, 0);
    for (const one of [error, late]) assert.ok(!inspect(one, { showHidden: true, depth: 9 }).includes("hidden-value"), one.message);
  });
}

/** The same headers; what throws is left to be a symbol, which no header can carry either. */
function copy(headers) {
  try {
    return { ...headers };
  } catch {
    return { "x-a": Symbol("hidden-value") };
  }
}

for (const name of ["", "x a", "x:a", "x\na", "x-ключ", "x(a)"]) {
  test(`${JSON.stringify(name)} is no name of a header`, () => {
    assert.deepEqual(refuse({ [name]: "1" }).issues.length, 1);
  });
}

for (const value of [null, 5, true, "x-a: 1", Symbol("h"), 1n, [["x-a"]], [["x-a", "1", "2"]], ["x-a", "1"]]) {
  test(`headers are none of ${typeof value === "object" ? JSON.stringify(value) : String(value)}`, async (t) => {
    const server = await serve(t);
    assert.deepEqual(paths(refuse(value)), ["defaultHeaders"]);
    assert.deepEqual(paths(await rejection(connect(server).healthCheck({ headers: value }))), ["options.headers"]);
    assert.equal(server.requests.length, 0);
  });
}

/** All headers that a client of these options gives to fetch, call by call. */
async function given(t, options) {
  const server = await serve(t);
  const seen = [];
  const spy = (url, init) => {
    seen.push(init.headers);
    return fetch(url, init);
  };
  const client = connect(server, { fetch: spy, ...options });
  await client.healthCheck();
  await client.getUsageLimits();
  await client.recall({ user_id: "u", task: "t", token_budget: 200 });
  return seen;
}
const CONTRACT = [
  { accept: "application/json" },
  { accept: "application/json", authorization: `Bearer ${KEY}` },
  { accept: "application/json", authorization: `Bearer ${KEY}`, "content-type": "application/json" },
];
const { version } = createRequire(import.meta.url)("claiv-memory/package.json");
const NAMED = { "x-claiv-client": `claiv-memory/${version}` };

test("no header of the client's own goes along but those of the contract and x-claiv-client", async (t) => {
  for (const clientHeader of [undefined, true]) assert.deepEqual(await given(t, { clientHeader }), CONTRACT.map((headers) => ({ ...headers, ...NAMED })));
});

test("clientHeader: false leaves those of the contract", async (t) => {
  assert.deepEqual(await given(t, { clientHeader: false }), CONTRACT);
});

test("where there is a location, as in browsers, x-claiv-client goes along only if it is asked for", async (t) => {
  globalThis.location = new URL("https://example.com/");
  t.after(() => { delete globalThis.location; });
  for (const clientHeader of [undefined, false]) assert.deepEqual(await given(t, { clientHeader }), CONTRACT);
  assert.deepEqual(await given(t, { clientHeader: true }), CONTRACT.map((headers) => ({ ...headers, ...NAMED })));
});

test("an x-claiv-client that the caller gives is the one that is sent", async (t) => {
  for (const options of [{ defaultHeaders: { "X-Claiv-Client": "mine" } }, { defaultHeaders: { "x-claiv-client": "mine" }, clientHeader: false }]) {
    for (const headers of await given(t, options)) assert.equal(headers["x-claiv-client"], "mine");
  }
});
