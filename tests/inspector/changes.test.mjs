// The inspector while things change, go wrong or are larger than it shows at first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClaivClient } from "claiv-memory";
import { TASK, inEachBrowser } from "./look.mjs";
import { between, later } from "./proxy.mjs";
import { sender } from "./story.mjs";

/** The constructor of async functions, which is not a global. */
const AsyncFunction = (async () => {}).constructor;

await inEachBrowser((inspector) => {
  test("an event that is selected stays so while others are stored", async () => {
    const send = sender(inspector.server.url);
    await send("POST", "/v1/ingest", { user_id: "tim", type: "message", content: "the first" });
    await inspector.open("timeline/tim");
    await inspector.browser.click(".row", "the first");
    await inspector.browser.has(".details .text", "the first");
    await send("POST", "/v1/ingest", { user_id: "tim", type: "message", content: "the second" });
    await inspector.browser.has(".row .content", "the second");
    await inspector.browser.until("document.querySelector('.row[aria-selected=true]')?.textContent.includes('the first')");
    assert.equal(await inspector.browser.value("document.querySelector('.details .text').textContent"), "the first");
    await send("POST", "/v1/forget", { user_id: "tim" });
    await inspector.browser.has(".details", "There is no such event");
  });

  test("a block leads to its event", async () => {
    await inspector.open(`recall/mara?task=${encodeURIComponent(TASK)}`);
    await inspector.browser.has(".block mark", "Ida");
    const id = (await inspector.browser.texts(".block a"))[0];
    await inspector.browser.click(".block a");
    await inspector.browser.has(".details dd", id);
    await inspector.browser.has(".details .text", "Ida");
  });

  test("a section is shown whole, and one that is whole is not cut off", async () => {
    const send = sender(inspector.server.url);
    const long = "é".repeat(2000);
    await send("POST", "/v6/documents", { user_id: "doc", project_id: "p", document_name: "Long", content: `# Short\nHéé\n# Long\n${long} the end\n` });
    await inspector.open("timeline/doc");
    await inspector.browser.click(".entry", "Long");
    await inspector.browser.click("summary", "Short");
    await inspector.browser.has("details[open] .text", "Héé");
    assert.doesNotMatch(await inspector.browser.value("document.querySelector('details[open] .text').textContent"), /…/);
    await inspector.browser.click("summary", "Long");
    await inspector.browser.click("details button", "Show all");
    await inspector.browser.has("details .text", "the end");
  });

  test("a collection that changes is shown as it is", async () => {
    const send = sender(inspector.server.url);
    for (const id of ["one", "two"]) await send("POST", "/v6/documents", { user_id: "col", project_id: "p", document_id: id, document_name: `Document ${id}`, content: "text" });
    await send("POST", "/v6/collections", { user_id: "col", project_id: "p", collection_id: "both", name: "Both" });
    await send("POST", "/v6/collections/both/documents", { user_id: "col", document_id: "one" });
    await inspector.open("timeline/col");
    await inspector.browser.has(".entry", "Both1 document");
    await send("POST", "/v6/collections/both/documents", { user_id: "col", document_id: "two" });
    await inspector.browser.has(".entry", "Both2 documents");
  });

  test("of thousands of threads the latest are listed, and more when they are asked for", async () => {
    const send = sender(inspector.server.url);
    const state = (await send("GET", "/_claiv/api/state")).body;
    const events = Array.from({ length: 3000 }, (_, i) => ({
      event_id: `evt_thread_${i}`, user_id: "threads", thread_id: `thread ${i}`, type: "message", content: "Hello", event_time: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(), stored_at: "2026-01-01T00:00:00.000Z",
    }));
    assert.equal((await send("PUT", "/_claiv/api/state", { ...state, events: [...state.events, ...events] })).status, 200);
    await inspector.open("timeline/threads");
    await inspector.browser.has(".entry", "thread 2999");
    assert.equal(await inspector.browser.value("document.querySelectorAll('.entry').length"), 201);
    await inspector.browser.click(".threads button", "200 of 3,000: show more");
    await inspector.browser.until("document.querySelectorAll('.entry').length === 401");
    await send("PUT", "/_claiv/api/state", state);
  });

  test("a task that is taken back leaves nothing of its answer", async (t) => {
    const slow = await between(t, inspector.server.url, (path) => (path.endsWith("/recall") ? later(700) : undefined));
    await inspector.open("recall/mara", { base: slow });
    await inspector.browser.type(".task input", TASK);
    await later(100);
    await inspector.browser.type(".task input", "");
    await later(1200);
    assert.deepEqual(await inspector.browser.texts(".block"), []);
    await inspector.browser.has(".empty", "Type a task");
  });

  test("the call is JavaScript that gives the text, in each version", async () => {
    const claiv = new ClaivClient({ apiKey: "test", baseUrl: inspector.server.url });
    await inspector.open(`prompt/mara?task=${encodeURIComponent(TASK)}`);
    for (const version of ["v1", "v2", "v3", "v6"]) {
      await inspector.browser.click(`.segments input[value=${version}]`);
      await inspector.browser.until(`document.querySelector("#prompt-call").textContent.includes("recall${version === "v1" ? "(" : version.toUpperCase()}") && document.querySelector("#prompt-text").textContent.length > 100`);
      await later(300);
      const [code, text] = await inspector.browser.value("['#prompt-call', '#prompt-text'].map((one) => document.querySelector(one).textContent)");
      assert.equal(await new AsyncFunction("claiv", `${code}\nreturn system;`)(claiv), text, version);
    }
    claiv.close();
  });

  test("the text is copied; where the browser does not let it, it is selected", async () => {
    await inspector.open(`prompt/mara?task=${encodeURIComponent(TASK)}`);
    await inspector.browser.has("#prompt-text", "Memories of this user");
    const set = (write) => inspector.browser.value(`(Object.defineProperty(navigator, "clipboard", { value: ${write}, configurable: true }), true)`);
    await set("{ writeText: async (text) => { window.copied = text; } }");
    await inspector.browser.click("button", "Copy the text");
    await inspector.browser.has("[role=status]", "copied");
    assert.equal(await inspector.browser.value("copied"), await inspector.browser.value("document.querySelector('#prompt-text').textContent"));
    await set("undefined");
    await inspector.browser.click("button", "Copy the call");
    await inspector.browser.has("[role=status]", "Ctrl C");
    assert.match(await inspector.browser.value("String(getSelection())"), /claiv\.recall\(\{/);
  });

  test("requests are listed with their query; what is too long or too much is told", async () => {
    const send = sender(inspector.server.url);
    await send("GET", "/v1/deletion-receipts?limit=7");
    await send("POST", "/v1/ingest", { user_id: "long", type: "message", content: `penicillin ${"word ".repeat(6000)}` });
    await send("POST", "/v1/recall", { user_id: "long", task: "penicillin", token_budget: 8000 });
    await inspector.open("live/mara");
    await inspector.browser.has(".call .path", "/v1/deletion-receipts?limit=7");
    assert.equal(await inspector.browser.value("document.querySelectorAll('.call pre').length"), 0);
    await inspector.browser.click(".call summary", "/v1/recall");
    await inspector.browser.has(".call[open] pre", '"task": "penicillin"');
    await inspector.browser.has(".call[open] pre", "(too long to be kept)");
    for (let number = 0; number < 220; number++) await send("GET", `/v1/usage/limits?of=${number}`);
    await inspector.browser.has("[role=status]", "the latest 200 are listed");
    await inspector.browser.click("button", "Clear the list");
    await inspector.browser.has(".empty", "No request has come in yet");
    await send("POST", "/v1/forget", { user_id: "long" });
  });

  test("an answer is dropped after storing, in each version", async () => {
    const send = sender(inspector.server.url);
    for (const [version, body] of [["v1", {}], ["v3", {}], ["v6", { conversation_id: "c" }]]) {
      await inspector.open("live/mara");
      await inspector.browser.click(".switch[aria-checked=false]", "Drop after storing");
      await inspector.browser.has(".switch[aria-checked=true]", "Drop after storing");
      const event = { user_id: `drop-${version}`, type: "message", role: "user", content: "stored", idempotency_key: "once", ...body };
      await assert.rejects(send("POST", `/${version}/ingest`, event), version);
      assert.equal((await send("POST", `/${version}/ingest`, event)).body.deduped, true);
      await send("DELETE", "/_claiv/api/faults");
    }
  });

  test("a time that is none does not take the page away", async () => {
    await inspector.open("usage/mara");
    await inspector.browser.has(".danger", "Forget");
    const field = "section[aria-label=Forget] input";
    await inspector.browser.value(`(document.querySelector("${field}").type = "text", true)`);
    await inspector.browser.type(field, "12026-01-01T00:00");
    await inspector.browser.has("section[aria-label=Forget] .error", "from_time");
    assert.equal(await inspector.browser.value("document.querySelector('section[aria-label=Forget] .danger').disabled"), true);
    await inspector.browser.type(field, "2026-03-04T00:00");
    await inspector.browser.until("!document.querySelector('section[aria-label=Forget] .danger').disabled");
  });

  test("what is exported is the state as it is", async () => {
    const body = '{"user_id":"num","type":"message","content":"numbers","metadata":{"large":12345678901234567890,"exact":1.10,"2":"b","1":"a"}}';
    const answer = await fetch(`${inspector.server.url}/v1/ingest`, { method: "POST", headers: { authorization: "Bearer test", "content-type": "application/json" }, body });
    assert.equal(answer.status, 200);
    await inspector.open("tools/mara");
    await inspector.browser.has(".cards");
    await inspector.browser.value(`(URL.createObjectURL = (blob) => { blob.text().then((text) => { window.exported = text; }); return "#"; }, HTMLAnchorElement.prototype.click = function () { window.file = this.download; }, true)`);
    await inspector.browser.click("button", "Export");
    await inspector.browser.has(".good-news", "The state is downloaded");
    const state = await (await fetch(`${inspector.server.url}/_claiv/api/state`)).text();
    assert.equal(await inspector.browser.until("window.exported"), state);
    assert.equal(await inspector.browser.value("file"), "claiv-memory.json");
  });

  test("the first thing that is painted has the colours that were chosen", async (t) => {
    // As if the script of the page took for ever.
    let withheld = false;
    const proxy = await between(t, inspector.server.url, (path) => (withheld && path.startsWith("inspector.js") ? null : undefined));
    await inspector.open("timeline/mara", { base: proxy });
    withheld = true;
    for (const [theme, colour] of [["dark", "rgb(22, 24, 26)"], ["light", "rgb(246, 246, 243)"]]) {
      await inspector.browser.value(`(localStorage.setItem("claiv-theme", "${theme}"), true)`);
      await inspector.browser.open(`${proxy}/_claiv/?${theme}`);
      await inspector.browser.until(`location.search === "?${theme}" && document.readyState === "complete" && document.querySelector(".loading")`);
      assert.equal(await inspector.browser.until("getComputedStyle(document.body).backgroundColor"), colour);
    }
  });

  test("it works in a browser that stores nothing", async (t) => {
    const denied = `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });\n`;
    const proxy = await between(t, inspector.server.url, (path) => (path.startsWith("theme.js") ? denied : undefined));
    await inspector.open("timeline/mara", { base: proxy });
    await inspector.browser.has(".row .content");
    await inspector.browser.click("button", "auto");
    await inspector.browser.until("document.documentElement.dataset.theme === 'light'");
  });
});
