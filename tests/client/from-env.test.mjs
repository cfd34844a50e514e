// ClaivClient.fromEnv: where the key and the address come from.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { KEY, paths, rejection, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

/** What a client sends for one call: to which address, with which key. */
async function sent(env, options = {}) {
  let seen;
  const fetch = async (url, { headers }) => {
    seen = { url, authorization: headers.authorization };
    return new Response("{}");
  };
  const client = ClaivClient.fromEnv(env, { fetch, ...options });
  await client.getUsageLimits();
  return seen;
}

const refuse = (...args) => thrown(() => ClaivClient.fromEnv(...args), ClaivValidationError);

/** Sets the host's variables for one test. */
function hostEnv(t, variables) {
  const before = { ...process.env };
  t.after(() => {
    for (const name of Object.keys(variables)) {
      if (name in before) process.env[name] = before[name];
      else delete process.env[name];
    }
  });
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

test("key and address come from the object given", async () => {
  assert.deepEqual(await sent({ CLAIV_API_KEY: KEY, CLAIV_BASE_URL: "https://eu.example.com/x/" }), {
    url: "https://eu.example.com/x/v1/usage/limits", authorization: `Bearer ${KEY}`,
  });
});

test("the address has a default", async () => {
  assert.equal((await sent({ CLAIV_API_KEY: KEY })).url, "https://api.claiv.io/v1/usage/limits");
});

test("the host's environment is asked where no object is given", async (t) => {
  hostEnv(t, { CLAIV_API_KEY: "host-key", CLAIV_BASE_URL: "https://host.example.com" });
  assert.deepEqual(await sent(undefined), { url: "https://host.example.com/v1/usage/limits", authorization: "Bearer host-key" });
});

test("an object that is given stands alone: the host's environment is not asked", async (t) => {
  hostEnv(t, { CLAIV_API_KEY: "host-key", CLAIV_BASE_URL: "https://host.example.com" });
  assert.equal((await sent({ CLAIV_API_KEY: KEY })).url, "https://api.claiv.io/v1/usage/limits");
  assert.deepEqual(paths(refuse({})), ["CLAIV_API_KEY"]);
});

test("without a key in the host's environment the error names the variable", (t) => {
  hostEnv(t, { CLAIV_API_KEY: undefined });
  const error = refuse();
  assert.deepEqual(paths(error), ["CLAIV_API_KEY"]);
  assert.match(error.message, /CLAIV_API_KEY is not set/);
});

test("a host without an environment has no key to give", (t) => {
  const { process } = globalThis;
  t.after(() => { globalThis.process = process; });
  globalThis.process = undefined;
  const error = refuse();
  globalThis.process = process;
  assert.deepEqual(paths(error), ["CLAIV_API_KEY"]);
});

test("an empty variable counts as not set", async () => {
  assert.deepEqual(paths(refuse({ CLAIV_API_KEY: "" })), ["CLAIV_API_KEY"]);
  assert.equal((await sent({ CLAIV_API_KEY: KEY, CLAIV_BASE_URL: "" })).url, "https://api.claiv.io/v1/usage/limits");
});

test("options win over the environment", async () => {
  const env = { CLAIV_API_KEY: "env-key", CLAIV_BASE_URL: "https://env.example.com" };
  assert.deepEqual(await sent(env, { apiKey: KEY, baseUrl: "https://option.example.com" }), {
    url: "https://option.example.com/v1/usage/limits", authorization: `Bearer ${KEY}`,
  });
  assert.equal((await sent(env, { apiKey: async () => KEY })).authorization, `Bearer ${KEY}`);
  assert.equal((await sent({}, { apiKey: KEY })).authorization, `Bearer ${KEY}`);
});

test("an option that is undefined leaves its place to the environment", async () => {
  const env = { CLAIV_API_KEY: KEY, CLAIV_BASE_URL: "https://env.example.com" };
  assert.deepEqual(await sent(env, { apiKey: undefined, baseUrl: undefined }), {
    url: "https://env.example.com/v1/usage/limits", authorization: `Bearer ${KEY}`,
  });
});

test("an option that is wrong is not hidden by the environment", () => {
  assert.deepEqual(paths(refuse({ CLAIV_API_KEY: KEY }, { apiKey: "", timeout: -1 })), ["apiKey", "timeout"]);
});

test("what the environment says is checked like an option, and never shown", () => {
  const error = refuse({ CLAIV_API_KEY: "sk-hidden\n", CLAIV_BASE_URL: "http://elsewhere.example.com" });
  assert.deepEqual(paths(error), ["apiKey", "baseUrl"]);
  assert.ok(!error.message.includes("hidden"));
});

for (const env of [null, 5, "CLAIV_API_KEY=x", true, Symbol("env")]) {
  test(`the environment must be an object, not ${String(env)}`, () => {
    assert.ok(paths(refuse(env)).includes("env"));
  });
}

for (const options of [null, 5, "x", [], true]) {
  test(`the options must be an object, not ${JSON.stringify(options)}`, () => {
    assert.deepEqual(paths(refuse({ CLAIV_API_KEY: KEY }, options)), ["options"]);
  });
}

test("variables and options that throw when they are read are faults", () => {
  const env = { get CLAIV_API_KEY() { throw new Error("sealed"); }, CLAIV_BASE_URL: "https://x.example" };
  const error = refuse(env);
  assert.deepEqual(paths(error), ["CLAIV_API_KEY"]);
  assert.match(error.message, /sealed/);
  assert.deepEqual(paths(refuse({ CLAIV_API_KEY: KEY }, { get timeout() { throw new Error("sealed"); } })), ["options"]);
});

test("a revoked proxy for an environment is a fault", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.ok(paths(refuse(proxy)).includes("CLAIV_API_KEY"));
});

test("a Worker's env, whose bindings are of all kinds, will do", async (t) => {
  const server = await serve(t);
  const env = Object.freeze(Object.assign(Object.create(null), { CLAIV_API_KEY: KEY, CLAIV_BASE_URL: server.url, DB: { prepare() {} } }));
  await ClaivClient.fromEnv(env).getUsageLimits();
  assert.equal(server.requests[0].headers.authorization, `Bearer ${KEY}`);
});

test("environment and options are not changed", async () => {
  const env = { CLAIV_API_KEY: KEY };
  const options = { timeout: 5 };
  ClaivClient.fromEnv(env, options);
  assert.deepEqual([env, options], [{ CLAIV_API_KEY: KEY }, { timeout: 5 }]);
});

test("it can be called without its class", async () => {
  const { fromEnv } = ClaivClient;
  const client = fromEnv({ CLAIV_API_KEY: KEY });
  client.close();
  await rejection(client.healthCheck());
});

test("an option called __proto__ is refused, and what is in it is no option", () => {
  const options = JSON.parse('{ "__proto__": { "baseUrl": "https://elsewhere.example" } }');
  const { issues } = refuse({ CLAIV_API_KEY: KEY }, options);
  assert.deepEqual(issues.map(({ path }) => path), ["__proto__"]);
});
