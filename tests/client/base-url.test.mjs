// The base URL: where requests go, and which addresses may get the key.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { KEY, paths, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

/** The address to which a client with these options sends. */
async function address(options) {
  let asked;
  const fetch = async (url) => {
    asked = url;
    return new Response('{"ok":true}');
  };
  await new ClaivClient({ apiKey: KEY, fetch, ...options }).healthCheck();
  return asked;
}

const refuse = (options) => thrown(() => new ClaivClient({ apiKey: KEY, ...options }), ClaivValidationError);

const GOOD = [
  [undefined, "https://api.claiv.io/healthz"],
  ["https://api.claiv.io", "https://api.claiv.io/healthz"],
  ["https://api.claiv.io/", "https://api.claiv.io/healthz"],
  ["https://api.claiv.io///", "https://api.claiv.io/healthz"],
  ["https://example.com/memory", "https://example.com/memory/healthz"],
  ["https://example.com/a/b//", "https://example.com/a/b/healthz"],
  ["https://example.com/a%20b/ü", "https://example.com/a%20b/%C3%BC/healthz"],
  ["https://example.com:8443/p", "https://example.com:8443/p/healthz"],
  ["https://example.com:443", "https://example.com/healthz"],
  ["HTTPS://EXAMPLE.COM", "https://example.com/healthz"],
  ["https://[2001:db8::1]:9000", "https://[2001:db8::1]:9000/healthz"],
  ["https://münchen.example", "https://xn--mnchen-3ya.example/healthz"],
  ["http://localhost:8787", "http://localhost:8787/healthz"],
  ["http://LOCALHOST", "http://localhost/healthz"],
  ["http://app.localhost:3000/x/", "http://app.localhost:3000/x/healthz"],
  ["http://127.0.0.1:1234", "http://127.0.0.1:1234/healthz"],
  ["http://127.255.1.2", "http://127.255.1.2/healthz"],
  ["http://0x7f.1", "http://127.0.0.1/healthz"],
  ["http://[::1]:80", "http://[::1]/healthz"],
];

for (const [baseUrl, expected] of GOOD) {
  test(`baseUrl ${baseUrl} leads to ${expected}`, async () => {
    assert.equal(await address({ baseUrl }), expected);
  });
}

const BAD = [
  ["", /absolute http or https URL/],
  ["api.claiv.io", /absolute http or https URL/],
  ["/v1", /absolute http or https URL/],
  ["//api.claiv.io", /absolute http or https URL/],
  ["https://", /absolute http or https URL/],
  ["https://exa mple.com", /absolute http or https URL/],
  [null, /absolute http or https URL/],
  [5, /absolute http or https URL/],
  [{}, /absolute http or https URL/],
  [new URL("https://api.claiv.io"), /absolute http or https URL/],
  [Symbol("url"), /absolute http or https URL/],
  ["ftp://api.claiv.io", /must begin with https/],
  ["ws://api.claiv.io", /must begin with https/],
  ["file:///etc/hosts", /must begin with https/],
  ["javascript:alert(1)", /must begin with https/],
  ["data:text/plain,x", /must begin with https/],
  ["https://user@api.claiv.io", /must not carry a user name or password/],
  ["https://:secret-pw@api.claiv.io", /must not carry a user name or password/],
  ["https://api.claiv.io?a=1", /must not have a query or a fragment/],
  ["https://api.claiv.io/#top", /must not have a query or a fragment/],
];

for (const [baseUrl, message] of BAD) {
  test(`baseUrl ${String(baseUrl)} (${typeof baseUrl}) is refused`, () => {
    const error = refuse({ baseUrl });
    assert.deepEqual(paths(error), ["baseUrl"]);
    assert.match(error.issues[0].message, message);
    assert.ok(!error.message.includes("secret-pw"), "a password is not repeated");
  });
}

const ELSEWHERE = [
  "http://api.claiv.io", "http://192.168.0.1", "http://10.0.0.1:8080", "http://0.0.0.0", "http://[::2]", "http://[::ffff:127.0.0.1]",
  "http://localhost.example.com", "http://127.0.0.1.example.com", "http://127.example.com", "http://notlocalhost", "http://128.0.0.1",
];

for (const baseUrl of ELSEWHERE) {
  test(`plain ${baseUrl} would send the key readable and is refused, unless allowInsecureHttp is set`, async () => {
    const error = refuse({ baseUrl });
    assert.deepEqual(paths(error), ["baseUrl"]);
    assert.match(error.message, /https, or set allowInsecureHttp/);
    assert.deepEqual(paths(refuse({ baseUrl, allowInsecureHttp: false })), ["baseUrl"]);
    assert.equal(await address({ baseUrl, allowInsecureHttp: true }), `${new URL(baseUrl).origin}/healthz`);
  });
}

test("a path prefix stands before every path, query included", async (t) => {
  const server = await serve(t);
  const client = new ClaivClient({ apiKey: KEY, baseUrl: `${server.url}/gate/claiv/` });
  await client.recall({ user_id: "u", task: "t", token_budget: 200 });
  await client.getUsageSummary();
  await client.getDeletionReceipt("r/1");
  assert.deepEqual(server.requests.map(({ url }) => url), [
    "/gate/claiv/v1/recall", "/gate/claiv/v1/usage/summary?range=7d", "/gate/claiv/v1/deletion-receipts/r%2F1",
  ]);
});
