// The inspector as people look at it: the package's command, in Chromium, Firefox and WebKit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { BROWSERS, KEYS, whyNot } from "./browser.mjs";
import { TASK, look } from "./look.mjs";
import { sender } from "./story.mjs";

const AXE = readFileSync(createRequire(new URL("../../package.json", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = ["<script>document.title = 'taken'</script>", "<img src=x onerror=\"document.title='taken'\">", "\u202Eright to left override", "שלום עולם, و مرحبا", "${html`<b>`}", "</pre><h1>out</h1>"];

/** What axe-core finds, with the elements. */
async function violations(browser) {
  await browser.evaluate(`(() => { ${AXE}; window.axe = axe; window.found = undefined; axe.run().then(({ violations }) => { window.found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))); }, (error) => { window.found = [String(error)]; }); return true; })()`);
  return browser.until("window.found");
}

for (const name of BROWSERS) {
  describe(name, { timeout: 240_000, skip: await whyNot(name) }, () => {
    let server, browser, open, end;
    before(async () => {
      ({ server, browser, open, end } = await look(name));
    });
    after(() => end?.());

    test("the timeline shows threads, events, documents and collections, and finds", async () => {
      await open("timeline/mara");
      await browser.has(".row .content", "adrenaline pen");
      const places = await browser.texts(".entry");
      for (const place of ["All events", "health", "Papers for the move", "Blue folder"]) assert.ok(places.some((text) => text.startsWith(place)), `${place} in ${places}`);
      await browser.type("input[type=search]", "PEANUTS");
      await browser.until(`document.querySelectorAll(".row .content").length > 0 && [...document.querySelectorAll(".row .content")].every((one) => /peanuts/i.test(one.textContent))`);
      await browser.type("input[type=search]", "");
      await browser.click(".entry", "health");
      await browser.has(".row .content", "penicillin");
      await browser.click(".row", "with an ambulance");
      await browser.has(".details dd", "demo-9");
      await browser.click(".entry", "Papers for the move");
      await browser.has("summary", "Passports");
      await browser.click(".entry", "Blue folder");
      await browser.has("section li", "Papers for the move");
    });

    test("the keyboard alone moves through the events", async () => {
      await open("timeline/mara");
      await browser.has(".row .content", "adrenaline pen");
      await browser.value("(document.querySelector('.window').focus(), true)");
      await browser.press(KEYS.down);
      await browser.press(KEYS.down);
      await browser.until("document.querySelector('.row[aria-selected=true]')?.id === 'row-1'");
      await browser.press(KEYS.end);
      await browser.until("document.querySelector('.row[aria-selected=true]')?.id === 'row-36'");
      await browser.has(".details .text", "I got the job in Lisbon");
    });

    test("the budget is dragged and blocks come and go, and what is left out says why", async () => {
      await open("recall/mara");
      await browser.type(".task input", TASK);
      await browser.type("input[type=range]", "200");
      await browser.until("document.querySelectorAll('.block').length > 0 && document.querySelector('output').textContent === '200'");
      await browser.has(".left-out summary", "no room in the budget");
      await browser.has(".left-out summary", "no match");
      const few = (await browser.texts(".block")).length;
      await browser.type("input[type=range]", "2000");
      await browser.until(`document.querySelectorAll('.block').length > ${few}`);
      await browser.until("![...document.querySelectorAll('.left-out summary')].some((one) => one.textContent.includes('no room'))");
      assert.ok((await browser.texts(".block mark")).includes("Ida"));
      const { body } = await sender(server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 2000 });
      assert.equal((await browser.texts(".block")).length, body.memory_blocks.length);
      await browser.click(".segments input[value=all]");
      for (const version of ["V1", "V2", "V3", "V6"]) await browser.has(`article[aria-label=${version}] .block`);
      await browser.has(".times figcaption", "ms");
      await browser.has(".times canvas");
    });

    test("the prompt is the text of the recall, with its tokens and the call", async () => {
      await open("prompt/mara");
      await browser.type(".task input", TASK);
      await browser.has(".prompt-text", "Memories of this user");
      const { body } = await sender(server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 600 });
      assert.equal(await browser.value("document.querySelector('.prompt-text').textContent"), body.system_context);
      await browser.has("[role=status]", `${body.token_estimate} tokens`);
      await browser.has(".code", "claiv.recall({");
      await browser.has("button", "Copy the text");
    });

    test("requests appear as they come, retries with their call, and switches script faults", async () => {
      const send = sender(server.url);
      await open("live/mara");
      await browser.click(".switch", "503 twice");
      await browser.until("document.querySelector('.switch[aria-checked=true]')?.textContent === '503 twice'");
      const event = { user_id: "tom", type: "message", content: "hello", idempotency_key: "tom-1" };
      for (const status of [503, 503, 200]) assert.equal((await send("POST", "/v1/ingest", event)).status, status);
      await browser.has(".call", "tom");
      await browser.until("!document.querySelector('.switch[aria-checked=true]')");
      await browser.click(".call summary", "tom");
      await browser.has(".call[open] tbody .status");
      assert.deepEqual(await browser.value("[...document.querySelectorAll('.call[open] tbody .status')].map((one) => one.textContent)"), ["503", "503", "200"]);
      await browser.has(".call[open] .code", '"content": "hello"');
      await browser.click(".switch", "Slow");
      await browser.has(".faults li", "waits 2000 ms");
      await browser.click(".switch", "Slow");
      await browser.has(".faults", "None is scripted");
      await send("POST", "/v1/forget", { user_id: "tom" });
    });

    test("a deletion is shown before it is done, then its receipt", async () => {
      const send = sender(server.url);
      await send("POST", "/v1/ingest", { user_id: "eva", thread_id: "a", type: "message", content: "one" });
      await send("POST", "/v1/ingest", { user_id: "eva", thread_id: "b", type: "message", content: "two" });
      await open("usage/eva");
      await browser.has(".card", "2 events would be deleted");
      await browser.type("section[aria-label=Forget] select", "b", "change");
      await browser.has(".card", "1 event would be deleted, 1 event of eva would be left");
      assert.equal((await send("GET", "/_claiv/api/events?user_id=eva")).body.total, 2);
      await browser.click(".danger", "Forget 1 event");
      await browser.has(".good-news", "1 event deleted, receipt rcpt_");
      await browser.has("section[aria-label=Receipts] td", "eva");
      assert.equal((await send("GET", "/_claiv/api/events?user_id=eva")).body.total, 1);
      await browser.has(".meter", "no limit");
      await browser.has(".chart canvas");
      await send("POST", "/v1/forget", { user_id: "eva" });
    });

    test("the clock is moved, the demo is seeded once, and what was reset can be imported", async () => {
      const send = sender(server.url);
      await open("tools/mara");
      const before = (await send("GET", "/_claiv/api/overview")).body;
      await browser.click("button", "Advance a day");
      await browser.has(".good-news", "The clock is moved");
      const after = (await send("GET", "/_claiv/api/overview")).body;
      assert.ok(Date.parse(after.now) - Date.parse(before.now) > 86_000_000);
      await browser.click("button", "Seed the demo's conversation");
      await browser.has(".good-news", "All of it is there already");
      const state = (await send("GET", "/_claiv/api/state")).body;
      await browser.click("button", "Reset…");
      await browser.click("button", "Yes, delete everything");
      await browser.has(".good-news", "Everything is gone");
      assert.equal((await send("GET", "/_claiv/api/overview")).body.events, 0);
      await browser.value(`(() => { const field = document.querySelector("input[type=file]"); const files = new DataTransfer(); files.items.add(new File([${JSON.stringify(JSON.stringify(state))}], "state.json")); field.files = files.files; field.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`);
      await browser.has(".good-news", "The state is replaced");
      assert.equal((await send("GET", "/_claiv/api/overview")).body.events, before.events);
    });

    test("at the width of a phone nothing is wider than the page", async () => {
      await sender(server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 200 });
      await browser.resize(360, 800);
      await open("recall/mara");
      await browser.type(".task input", TASK);
      await browser.click(".segments input[value=all]");
      await browser.has("article[aria-label=V6] .block");
      for (const [view, ready] of [["recall", "article[aria-label=V6] .block"], ["timeline", ".row"], ["prompt", ".prompt-text"], ["live", ".call"], ["usage", ".meter"], ["tools", ".cards"]]) {
        await browser.value(`(location.hash = "#${view}/mara", true)`);
        await browser.has(ready);
        if (view === "live") await browser.click(".call summary");
        const { wide, page, first } = await browser.value(`({ wide: document.documentElement.scrollWidth, page: document.documentElement.clientWidth, first: [...document.querySelectorAll("main *")].find((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !one.closest(".scroll"))?.outerHTML.slice(0, 200) })`);
        assert.ok(wide <= page, `${view}: ${wide} px in ${page}: ${first}`);
        assert.deepEqual(await violations(browser), [], view);
      }
      await browser.resize(1200, 900);
    });

    test("axe-core finds nothing, in light and dark", async () => {
      await sender(server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 200 });
      for (const theme of ["light", "dark"]) {
        await open("timeline/mara");
        await browser.value(`(localStorage.setItem("claiv-theme", "${theme}"), true)`);
        await open("timeline/mara");
        assert.equal(await browser.value("document.documentElement.dataset.theme"), theme);
        await browser.has(".row .content");
        await browser.click(".row");
        await browser.has(".details dl");
        assert.deepEqual(await violations(browser), [], `timeline, ${theme}`);
        await browser.click(".entry", "Papers for the move");
        await browser.click("summary", "Passports");
        await browser.has("details[open] .text", "2029");
        assert.deepEqual(await violations(browser), [], `document, ${theme}`);
        await browser.click(".top button[aria-haspopup]");
        await browser.until("document.querySelector('dialog').open");
        assert.deepEqual(await violations(browser), [], `keys, ${theme}`);
        await browser.click("dialog button");
        for (const [view, ready] of [["recall", ".block"], ["prompt", ".prompt-text"], ["live", ".call"], ["usage", ".meter"], ["tools", ".cards"]]) {
          await browser.value(`(location.hash = "#${view}/mara", true)`);
          if (view === "recall") await browser.type(".task input", TASK);
          await browser.has(ready);
          if (view === "recall") await browser.click(".segments input[value=all]");
          if (view === "recall") await browser.has("article[aria-label=V6] .block");
          await browser.value("([...document.querySelectorAll('main details')].forEach((one) => { one.open = true; }), true)");
          if (view === "live") await browser.has(".call[open] pre");
          assert.deepEqual(await violations(browser), [], `${view}, ${theme}`);
          if (view === "recall") await browser.click(".segments input[value=v1]");
        }
      }
      await browser.value(`(localStorage.removeItem("claiv-theme"), true)`);
    });

    test("hostile content is text: scripts, markup, right to left, a megabyte", async () => {
      const send = sender(server.url);
      for (const content of HOSTILE) await send("POST", "/v1/ingest", { user_id: "<b>eve</b>", thread_id: "<i>t</i>", type: "message", role: "user", content, metadata: { "<u>": content } });
      await send("POST", "/v1/ingest", { user_id: "<b>eve</b>", type: "message", content: `${"<p>long</p> ".repeat(100_000)} the end` });
      await open(`timeline/${encodeURIComponent("<b>eve</b>")}`);
      await browser.has(".row .content", "<script>");
      assert.equal(await browser.value("document.querySelectorAll('.row b:not(.role), .row img, .row script, .row h1, .entry i').length"), 0);
      await browser.click(".row", "<p>long</p>");
      await browser.click(".details button", "Show all");
      await browser.until("document.querySelector('.details .text').textContent.endsWith('the end')");
      await browser.click(".row", "onerror");
      await browser.has(".details .code", "onerror");
      await browser.value(`(location.hash = "#recall/" + encodeURIComponent("<b>eve</b>"), true)`);
      await browser.type(".task input", "script onerror override");
      await browser.has(".block .content", "onerror");
      await browser.value(`(location.hash = "#live/" + encodeURIComponent("<b>eve</b>"), true)`);
      await browser.has(".call", "<b>eve</b>");
      assert.match(await browser.value("document.title"), /Claiv inspector$/);
      assert.equal(await browser.value("document.querySelectorAll('main img, main script').length"), 0);
      await send("POST", "/v1/forget", { user_id: "<b>eve</b>" });
    });

    test("of fifty thousand events only those in view are in the page", async () => {
      const send = sender(server.url);
      const events = Array.from({ length: 50_000 }, (_, i) => ({
        event_id: `evt_many_${i}`, user_id: "many", type: "message", content: `Note number ${i}`, event_time: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(), stored_at: "2026-01-01T00:00:00.000Z",
      }));
      const state = (await send("GET", "/_claiv/api/state")).body;
      assert.equal((await send("PUT", "/_claiv/api/state", { ...state, events: [...state.events, ...events] })).status, 200);
      await open("timeline/many");
      await browser.has(".row .content", "Note number 49999");
      await browser.value("(document.querySelector('.window').focus(), true)");
      await browser.press(KEYS.end);
      await browser.until("[...document.querySelectorAll('.row .content')].some((one) => one.textContent === 'Note number 0')");
      await browser.value("(document.querySelector('.window').scrollTop = 84 * 25000, true)");
      await browser.until("[...document.querySelectorAll('.row .content')].some((one) => one.textContent === 'Note number 24999')");
      assert.ok(await browser.value("document.querySelectorAll('.row').length") < 60);
      await browser.type("input[type=search]", "number 31415");
      await browser.until("document.querySelectorAll('.row').length === 1");
      await send("PUT", "/_claiv/api/state", state);
    });
  });
}
