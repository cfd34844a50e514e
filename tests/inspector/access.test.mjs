// Who may see the inspector and ask what it asks: its own page and programs of this machine, and no page of another origin.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { after, before, describe, test } from "node:test";
import { serve, stop } from "../emulator/command.mjs";
import { BROWSERS, openBrowser, whyNot } from "./browser.mjs";

/** A request with any header fields, which `fetch` would not send. */
async function ask(url, { method = "GET", headers = {}, body } = {}) {
  const request = httpRequest(url, { method, headers });
  request.end(body);
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

test("the command says where its inspector is, and / leads there", async () => {
  const server = await serve();
  await server.get("/v1/health-check-nobody-knows");
  assert.ok(server.out.some((line) => line.endsWith(`${server.url}/_claiv/`)), server.out.join("\n"));
  const root = await ask(`${server.url}/`);
  assert.deepEqual([root.status, root.headers.location], [302, "/_claiv/"]);
  assert.equal((await ask(`${server.url}/_claiv`)).headers.location, "/_claiv/");
  const page = await ask(`${server.url}/_claiv/`);
  assert.equal(page.status, 200);
  assert.match(page.headers["content-security-policy"], /^default-src 'none'; script-src 'self'; .*connect-src 'self';.*frame-ancestors 'none'$/);
  assert.doesNotMatch(page.text, /<script(?![^>]* src=)|<style|style=|\son\w+=|https?:(?!\/\/www\.w3\.org)/);
  for (const path of ["no.js", "served.html", "../package.json", "%2e%2e/bin/serve.js", "constructor"]) assert.notEqual((await ask(`${server.url}/_claiv/${path}`)).status, 200, path);
  assert.equal((await ask(`${server.url}/_claiv/`, { method: "POST" })).status, 405);
  await stop(server);
});

test("the inspector's requests are in no log, and need no key of the user's", async () => {
  const server = await serve("--api-key", "a-secret-key");
  assert.equal((await ask(`${server.url}/_claiv/api/overview`)).status, 200);
  const event = JSON.stringify({ user_id: "u", type: "message", content: "c" });
  assert.equal((await ask(`${server.url}/_claiv/service/v1/ingest`, { method: "POST", body: event })).status, 200);
  assert.equal((await ask(`${server.url}/v1/ingest`, { method: "POST", body: event })).status, 401);
  const { text } = await ask(`${server.url}/_claiv/api/requests`);
  assert.doesNotMatch(text, /a-secret-key/);
  assert.equal(JSON.parse(text).requests, 2);
  const { out } = await stop(server);
  assert.ok(!out.slice(2).some((line) => line.includes("/_claiv/")), out.join("\n"));
});

test("requests of other origins and by other names are refused and do nothing", async () => {
  const server = await serve();
  await server.ingest("tea");
  const { host } = new URL(server.url);
  for (const headers of [
    { origin: "http://evil.example" }, { origin: "null" }, { origin: `http://localhost:1` }, { host: "evil.example" }, { host, origin: `https://${host}` },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
  ]) {
    assert.equal((await ask(`${server.url}/_claiv/api/state`, { headers })).status, 403, JSON.stringify(headers));
    assert.equal((await ask(`${server.url}/_claiv/api/reset`, { method: "POST", body: "{}", headers })).status, 403, JSON.stringify(headers));
  }
  // A form of an old browser, which sends no Origin.
  const form = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  assert.equal((await ask(`${server.url}/_claiv/api/reset`, { method: "POST", body: "{}", headers: form })).status, 403);
  assert.equal((await ask(`${server.url}/_claiv/`, { headers: form })).status, 200);
  const own = await ask(`${server.url}/_claiv/api/overview`, { headers: { origin: server.url, "sec-fetch-site": "same-origin" } });
  assert.deepEqual([own.status, JSON.parse(own.text).events], [200, 1]);
  assert.ok(!Object.keys(own.headers).some((name) => name.startsWith("access-control")));
  await stop(server);
});

for (const name of BROWSERS) {
  describe(name, { timeout: 120_000, skip: await whyNot(name) }, () => {
    let server;
    let browser;
    let foreign;
    before(async () => {
      server = await serve();
      await server.ingest("tea");
      foreign = createServer((request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>foreign</title><p>foreign"));
      foreign.listen(0, "127.0.0.1");
      await once(foreign, "listening");
      browser = await openBrowser(name);
    });
    after(async () => {
      await browser?.close();
      foreign.close();
      foreign.closeAllConnections();
      await stop(server);
    });

    test("a foreign page's script can neither read nor write it", async () => {
      await browser.open(`http://127.0.0.1:${foreign.address().port}/`);
      await browser.until("document.title === 'foreign'");
      await browser.value(`(() => {
        const url = ${JSON.stringify(server.url)} + "/_claiv/";
        window.read = [];
        const note = (promise) => promise.then((response) => response.text()).then((text) => text && window.read.push(text), () => {});
        const post = (path, more) => note(fetch(url + path, { method: "POST", body: "{}", ...more }));
        const all = [
          note(fetch(url + "api/state")), note(fetch(url + "api/state", { headers: { authorization: "Bearer x" } })), note(fetch(url + "api/state", { mode: "no-cors" })), note(fetch(url)),
          post("api/reset"), post("api/reset", { mode: "no-cors" }), post("api/reset", { headers: { authorization: "Bearer x" } }), post("service/v1/forget", { mode: "no-cors", body: '{"user_id":"u"}' }),
          note(fetch(url + "api/requests", { method: "DELETE" })),
        ];
        const frame = document.createElement("iframe");
        frame.src = url;
        document.body.append(frame);
        const form = document.createElement("form");
        frame.name = "frame";
        Object.assign(form, { method: "post", enctype: "text/plain", action: url + "api/reset", target: "frame" });
        document.body.append(form);
        setTimeout(() => form.submit(), 200);
        Promise.allSettled(all).then(() => setTimeout(() => { try { if (frame.contentDocument?.body?.textContent) window.read.push("frame"); } catch {} window.done = true; }, 500));
        return true;
      })()`);
      await browser.until("window.done");
      assert.deepEqual(await browser.value("window.read"), []);
      const { text } = await ask(`${server.url}/_claiv/api/overview`);
      assert.equal(JSON.parse(text).events, 1);
    });
  });
}
