// The inspector while things change, go wrong or are larger than it shows at first.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ClaivClient } from "claiv-memory";
import { BROWSERS, whyNot } from "./browser.mjs";
import { TASK, look } from "./look.mjs";
import { between, later } from "./proxy.mjs";
import { sender } from "./story.mjs";

/** The constructor of async functions, which is not a global. */
const AsyncFunction = (async () => {}).constructor;

for (const name of BROWSERS) {
  describe(name, { timeout: 240_000, skip: await whyNot(name) }, () => {
    let server, browser, open, end;
    before(async () => {
      ({ server, browser, open, end } = await look(name));
    });
    after(() => end?.());

    test("an event that is selected stays so while others are stored", async () => {
      const send = sender(server.url);
      await send("POST", "/v1/ingest", { user_id: "tim", type: "message", content: "the first" });
      await open("timeline/tim");
      await browser.click(".row", "the first");
      await browser.has(".details .text", "the first");
      await send("POST", "/v1/ingest", { user_id: "tim", type: "message", content: "the second" });
      await browser.has(".row .content", "the second");
      await browser.until("document.querySelector('.row[aria-selected=true]')?.textContent.includes('the first')");
      assert.equal(await browser.value("document.querySelector('.details .text').textContent"), "the first");
      await send("POST", "/v1/forget", { user_id: "tim" });
      await browser.has(".details", "There is no such event");
    });

    test("a block leads to its event", async () => {
      await open(`recall/mara?task=${encodeURIComponent(TASK)}`);
      await browser.has(".block mark", "Ida");
      const id = (await browser.texts(".block a"))[0];
      await browser.click(".block a");
      await browser.has(".details dd", id);
      await browser.has(".details .text", "Ida");
    });

    test("a section is shown whole, and one that is whole is not cut off", async () => {
      const send = sender(server.url);
      const long = "é".repeat(2000);
      await send("POST", "/v6/documents", { user_id: "doc", project_id: "p", document_name: "Long", content: `# Short\nHéé\n# Long\n${long} the end\n` });
      await open("timeline/doc");
      await browser.click(".entry", "Long");
      await browser.click("summary", "Short");
      await browser.has("details[open] .text", "Héé");
      assert.doesNotMatch(await browser.value("document.querySelector('details[open] .text').textContent"), /…/);
      await browser.click("summary", "Long");
      await browser.click("details button", "Show all");
      await browser.has("details .text", "the end");
    });

    test("a collection that changes is shown as it is", async () => {
      const send = sender(server.url);
      for (const id of ["one", "two"]) await send("POST", "/v6/documents", { user_id: "col", project_id: "p", document_id: id, document_name: `Document ${id}`, content: "text" });
      await send("POST", "/v6/collections", { user_id: "col", project_id: "p", collection_id: "both", name: "Both" });
      await send("POST", "/v6/collections/both/documents", { user_id: "col", document_id: "one" });
      await open("timeline/col");
      await browser.has(".entry", "Both1 document");
      await send("POST", "/v6/collections/both/documents", { user_id: "col", document_id: "two" });
      await browser.has(".entry", "Both2 documents");
    });

    test("of thousands of threads the latest are listed, and more when they are asked for", async () => {
      const send = sender(server.url);
      const state = (await send("GET", "/_claiv/api/state")).body;
      const events = Array.from({ length: 3000 }, (_, i) => ({
        event_id: `evt_thread_${i}`, user_id: "threads", thread_id: `thread ${i}`, type: "message", content: "Hello", event_time: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(), stored_at: "2026-01-01T00:00:00.000Z",
      }));
      assert.equal((await send("PUT", "/_claiv/api/state", { ...state, events: [...state.events, ...events] })).status, 200);
      await open("timeline/threads");
      await browser.has(".entry", "thread 2999");
      assert.equal(await browser.value("document.querySelectorAll('.entry').length"), 201);
      await browser.click(".threads button", "200 of 3,000: show more");
      await browser.until("document.querySelectorAll('.entry').length === 401");
      await send("PUT", "/_claiv/api/state", state);
    });

    test("a task that is taken back leaves nothing of its answer", async (t) => {
      const slow = await between(t, server.url, (path) => (path.endsWith("/recall") ? later(700) : undefined));
      await open("recall/mara", { base: slow });
      await browser.type(".task input", TASK);
      await later(100);
      await browser.type(".task input", "");
      await later(1200);
      assert.deepEqual(await browser.texts(".block"), []);
      await browser.has(".empty", "Type a task");
    });

    test("the call is JavaScript that gives the text, in each version", async () => {
      const claiv = new ClaivClient({ apiKey: "test", baseUrl: server.url });
      await open(`prompt/mara?task=${encodeURIComponent(TASK)}`);
      for (const version of ["v1", "v2", "v3", "v6"]) {
        await browser.click(`.segments input[value=${version}]`);
        await browser.until(`document.querySelector("#prompt-call").textContent.includes("recall${version === "v1" ? "(" : version.toUpperCase()}") && document.querySelector("#prompt-text").textContent.length > 100`);
        await later(300);
        const [code, text] = await browser.value("['#prompt-call', '#prompt-text'].map((one) => document.querySelector(one).textContent)");
        assert.equal(await new AsyncFunction("claiv", `${code}\nreturn system;`)(claiv), text, version);
      }
      claiv.close();
    });

    test("the text is copied; where the browser does not let it, it is selected", async () => {
      await open(`prompt/mara?task=${encodeURIComponent(TASK)}`);
      await browser.has("#prompt-text", "Memories of this user");
      const set = (write) => browser.value(`(Object.defineProperty(navigator, "clipboard", { value: ${write}, configurable: true }), true)`);
      await set("{ writeText: async (text) => { window.copied = text; } }");
      await browser.click("button", "Copy the text");
      await browser.has("[role=status]", "copied");
      assert.equal(await browser.value("copied"), await browser.value("document.querySelector('#prompt-text').textContent"));
      await set("undefined");
      await browser.click("button", "Copy the call");
      await browser.has("[role=status]", "Ctrl C");
      assert.match(await browser.value("String(getSelection())"), /claiv\.recall\(\{/);
    });

    test("requests are listed with their query; what is too long or too much is told", async () => {
      const send = sender(server.url);
      await send("GET", "/v1/deletion-receipts?limit=7");
      await send("POST", "/v1/ingest", { user_id: "long", type: "message", content: `penicillin ${"word ".repeat(6000)}` });
      await send("POST", "/v1/recall", { user_id: "long", task: "penicillin", token_budget: 8000 });
      await open("live/mara");
      await browser.has(".call .path", "/v1/deletion-receipts?limit=7");
      assert.equal(await browser.value("document.querySelectorAll('.call pre').length"), 0);
      await browser.click(".call summary", "/v1/recall");
      await browser.has(".call[open] pre", '"task": "penicillin"');
      await browser.has(".call[open] pre", "(too long to be kept)");
      for (let number = 0; number < 220; number++) await send("GET", `/v1/usage/limits?of=${number}`);
      await browser.has("[role=status]", "the latest 200 are listed");
      await browser.click("button", "Clear the list");
      await browser.has(".empty", "No request has come in yet");
      await send("POST", "/v1/forget", { user_id: "long" });
    });

    test("an answer is dropped after storing, in each version", async () => {
      const send = sender(server.url);
      for (const [version, body] of [["v1", {}], ["v3", {}], ["v6", { conversation_id: "c" }]]) {
        await open("live/mara");
        await browser.click(".switch[aria-checked=false]", "Drop after storing");
        await browser.has(".switch[aria-checked=true]", "Drop after storing");
        const event = { user_id: `drop-${version}`, type: "message", role: "user", content: "stored", idempotency_key: "once", ...body };
        await assert.rejects(send("POST", `/${version}/ingest`, event), version);
        assert.equal((await send("POST", `/${version}/ingest`, event)).body.deduped, true);
        await send("DELETE", "/_claiv/api/faults");
      }
    });

    test("a time that is none does not take the page away", async () => {
      await open("usage/mara");
      await browser.has(".danger", "Forget");
      const field = "section[aria-label=Forget] input";
      await browser.value(`(document.querySelector("${field}").type = "text", true)`);
      await browser.type(field, "12026-01-01T00:00");
      await browser.has("section[aria-label=Forget] .error", "from_time");
      assert.equal(await browser.value("document.querySelector('section[aria-label=Forget] .danger').disabled"), true);
      await browser.type(field, "2026-03-04T00:00");
      await browser.until("!document.querySelector('section[aria-label=Forget] .danger').disabled");
    });

    test("what is exported is the state as it is", async () => {
      const body = '{"user_id":"num","type":"message","content":"numbers","metadata":{"large":12345678901234567890,"exact":1.10,"2":"b","1":"a"}}';
      const answer = await fetch(`${server.url}/v1/ingest`, { method: "POST", headers: { authorization: "Bearer test", "content-type": "application/json" }, body });
      assert.equal(answer.status, 200);
      await open("tools/mara");
      await browser.has(".cards");
      await browser.value(`(URL.createObjectURL = (blob) => { blob.text().then((text) => { window.exported = text; }); return "#"; }, HTMLAnchorElement.prototype.click = function () { window.file = this.download; }, true)`);
      await browser.click("button", "Export");
      await browser.has(".good-news", "The state is downloaded");
      const state = await (await fetch(`${server.url}/_claiv/api/state`)).text();
      assert.equal(await browser.until("window.exported"), state);
      assert.equal(await browser.value("file"), "claiv-memory.json");
    });

    test("the first thing that is painted has the colours that were chosen", async (t) => {
      // As if the script of the page took for ever.
      let withheld = false;
      const proxy = await between(t, server.url, (path) => (withheld && path.startsWith("inspector.js") ? null : undefined));
      await open("timeline/mara", { base: proxy });
      withheld = true;
      for (const [theme, colour] of [["dark", "rgb(22, 24, 26)"], ["light", "rgb(246, 246, 243)"]]) {
        await browser.value(`(localStorage.setItem("claiv-theme", "${theme}"), true)`);
        await browser.open(`${proxy}/_claiv/?${theme}`);
        await browser.until(`location.search === "?${theme}" && document.readyState === "complete" && document.querySelector(".loading")`);
        assert.equal(await browser.until("getComputedStyle(document.body).backgroundColor"), colour);
      }
    });

    test("it works in a browser that stores nothing", async (t) => {
      const denied = `Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });\n`;
      const proxy = await between(t, server.url, (path) => (path.startsWith("theme.js") ? denied : undefined));
      await open("timeline/mara", { base: proxy });
      await browser.has(".row .content");
      await browser.click("button", "auto");
      await browser.until("document.documentElement.dataset.theme === 'light'");
    });
  });
}
