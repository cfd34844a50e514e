// The inspector as people look at it: the package's command, in Chromium, Firefox and WebKit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { KEYS } from "./browser.mjs";
import { TASK, inEachBrowser } from "./look.mjs";
import { sender } from "./story.mjs";

const AXE = readFileSync(createRequire(new URL("../../package.json", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = ["<script>document.title = 'taken'</script>", "<img src=x onerror=\"document.title='taken'\">", "\u202Eright to left override", "שלום עולם, و مرحبا", "${html`<b>`}", "</pre><h1>out</h1>"];

/** What axe-core finds, with the elements. */
async function violations(browser) {
  await browser.evaluate(`(() => { ${AXE}; window.axe = axe; window.found = undefined; axe.run().then(({ violations }) => { window.found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html.slice(0, 200))); }, (error) => { window.found = [String(error)]; }); return true; })()`);
  return browser.until("window.found");
}

await inEachBrowser((inspector) => {
  test("the timeline shows threads, events, documents and collections, and finds", async () => {
    await inspector.open("timeline/mara");
    await inspector.browser.has(".row .content", "adrenaline pen");
    const places = await inspector.browser.texts(".entry");
    for (const place of ["All events", "health", "Papers for the move", "Blue folder"]) assert.ok(places.some((text) => text.startsWith(place)), `${place} in ${places}`);
    await inspector.browser.type("input[type=search]", "PEANUTS");
    await inspector.browser.until(`document.querySelectorAll(".row .content").length > 0 && [...document.querySelectorAll(".row .content")].every((one) => /peanuts/i.test(one.textContent))`);
    await inspector.browser.type("input[type=search]", "");
    await inspector.browser.click(".entry", "health");
    await inspector.browser.has(".row .content", "penicillin");
    await inspector.browser.click(".row", "with an ambulance");
    await inspector.browser.has(".details dd", "demo-9");
    await inspector.browser.click(".entry", "Papers for the move");
    await inspector.browser.has("summary", "Passports");
    await inspector.browser.click(".entry", "Blue folder");
    await inspector.browser.has("section li", "Papers for the move");
  });

  test("the keyboard alone moves through the events", async () => {
    await inspector.open("timeline/mara");
    await inspector.browser.has(".row .content", "adrenaline pen");
    await inspector.browser.value("(document.querySelector('.window').focus(), true)");
    await inspector.browser.press(KEYS.down);
    await inspector.browser.press(KEYS.down);
    await inspector.browser.until("document.querySelector('.row[aria-selected=true]')?.id === 'row-1'");
    await inspector.browser.press(KEYS.end);
    await inspector.browser.until("document.querySelector('.row[aria-selected=true]')?.id === 'row-36'");
    await inspector.browser.has(".details .text", "I got the job in Lisbon");
  });

  test("the budget is dragged and blocks come and go, and what is left out says why", async () => {
    await inspector.open("recall/mara");
    await inspector.browser.type(".task input", TASK);
    await inspector.browser.type("input[type=range]", "200");
    await inspector.browser.until("document.querySelectorAll('.block').length > 0 && document.querySelector('output').textContent === '200'");
    await inspector.browser.has(".left-out summary", "no room in the budget");
    await inspector.browser.has(".left-out summary", "no match");
    const few = (await inspector.browser.texts(".block")).length;
    await inspector.browser.type("input[type=range]", "2000");
    await inspector.browser.until(`document.querySelectorAll('.block').length > ${few}`);
    await inspector.browser.until("![...document.querySelectorAll('.left-out summary')].some((one) => one.textContent.includes('no room'))");
    assert.ok((await inspector.browser.texts(".block mark")).includes("Ida"));
    const { body } = await sender(inspector.server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 2000 });
    assert.equal((await inspector.browser.texts(".block")).length, body.memory_blocks.length);
    await inspector.browser.click(".segments input[value=all]");
    for (const version of ["V1", "V2", "V3", "V6"]) await inspector.browser.has(`article[aria-label=${version}] .block`);
    await inspector.browser.has(".times figcaption", "ms");
    await inspector.browser.has(".times canvas");
  });

  test("the prompt is the text of the recall, with its tokens and the call", async () => {
    await inspector.open("prompt/mara");
    await inspector.browser.type(".task input", TASK);
    await inspector.browser.has(".prompt-text", "Memories of this user");
    const { body } = await sender(inspector.server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 600 });
    assert.equal(await inspector.browser.value("document.querySelector('.prompt-text').textContent"), body.system_context);
    await inspector.browser.has("[role=status]", `${body.token_estimate} tokens`);
    await inspector.browser.has(".code", "claiv.recall({");
    await inspector.browser.has("button", "Copy the text");
  });

  test("requests appear as they come, retries with their call, and switches script faults", async () => {
    const send = sender(inspector.server.url);
    await inspector.open("live/mara");
    await inspector.browser.click(".switch", "503 twice");
    await inspector.browser.until("document.querySelector('.switch[aria-checked=true]')?.textContent === '503 twice'");
    const event = { user_id: "tom", type: "message", content: "hello", idempotency_key: "tom-1" };
    for (const status of [503, 503, 200]) assert.equal((await send("POST", "/v1/ingest", event)).status, status);
    await inspector.browser.has(".call", "tom");
    await inspector.browser.until("!document.querySelector('.switch[aria-checked=true]')");
    await inspector.browser.click(".call summary", "tom");
    await inspector.browser.has(".call[open] tbody .status");
    assert.deepEqual(await inspector.browser.value("[...document.querySelectorAll('.call[open] tbody .status')].map((one) => one.textContent)"), ["503", "503", "200"]);
    await inspector.browser.has(".call[open] .code", '"content": "hello"');
    await inspector.browser.click(".switch", "Slow");
    await inspector.browser.has(".faults li", "waits 2000 ms");
    await inspector.browser.click(".switch", "Slow");
    await inspector.browser.has(".faults", "None is scripted");
    await send("POST", "/v1/forget", { user_id: "tom" });
  });

  test("a deletion is shown before it is done, then its receipt", async () => {
    const send = sender(inspector.server.url);
    await send("POST", "/v1/ingest", { user_id: "eva", thread_id: "a", type: "message", content: "one" });
    await send("POST", "/v1/ingest", { user_id: "eva", thread_id: "b", type: "message", content: "two" });
    await inspector.open("usage/eva");
    await inspector.browser.has(".card", "2 events would be deleted");
    await inspector.browser.type("section[aria-label=Forget] select", "b", "change");
    await inspector.browser.has(".card", "1 event would be deleted, 1 event of eva would be left");
    assert.equal((await send("GET", "/_claiv/api/events?user_id=eva")).body.total, 2);
    await inspector.browser.click(".danger", "Forget 1 event");
    await inspector.browser.has(".good-news", "1 event deleted, receipt rcpt_");
    await inspector.browser.has("section[aria-label=Receipts] td", "eva");
    assert.equal((await send("GET", "/_claiv/api/events?user_id=eva")).body.total, 1);
    await inspector.browser.has(".meter", "no limit");
    await inspector.browser.has(".chart canvas");
    await send("POST", "/v1/forget", { user_id: "eva" });
  });

  test("the clock is moved, the demo is seeded once, and what was reset can be imported", async () => {
    const send = sender(inspector.server.url);
    await inspector.open("tools/mara");
    const before = (await send("GET", "/_claiv/api/overview")).body;
    await inspector.browser.click("button", "Advance a day");
    await inspector.browser.has(".good-news", "The clock is moved");
    const after = (await send("GET", "/_claiv/api/overview")).body;
    assert.ok(Date.parse(after.now) - Date.parse(before.now) > 86_000_000);
    await inspector.browser.click("button", "Seed the demo's conversation");
    await inspector.browser.has(".good-news", "All of it is there already");
    const state = (await send("GET", "/_claiv/api/state")).body;
    await inspector.browser.click("button", "Reset…");
    await inspector.browser.click("button", "Yes, delete everything");
    await inspector.browser.has(".good-news", "Everything is gone");
    assert.equal((await send("GET", "/_claiv/api/overview")).body.events, 0);
    await inspector.browser.value(`(() => { const field = document.querySelector("input[type=file]"); const files = new DataTransfer(); files.items.add(new File([${JSON.stringify(JSON.stringify(state))}], "state.json")); field.files = files.files; field.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`);
    await inspector.browser.has(".good-news", "The state is replaced");
    assert.equal((await send("GET", "/_claiv/api/overview")).body.events, before.events);
  });

  test("at the width of a phone nothing is wider than the page", async () => {
    await sender(inspector.server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 200 });
    await inspector.browser.resize(360, 800);
    await inspector.open("recall/mara");
    await inspector.browser.type(".task input", TASK);
    await inspector.browser.click(".segments input[value=all]");
    await inspector.browser.has("article[aria-label=V6] .block");
    for (const [view, ready] of [["recall", "article[aria-label=V6] .block"], ["timeline", ".row"], ["prompt", ".prompt-text"], ["live", ".call"], ["usage", ".meter"], ["tools", ".cards"]]) {
      await inspector.browser.value(`(location.hash = "#${view}/mara", true)`);
      await inspector.browser.has(ready);
      if (view === "live") await inspector.browser.click(".call summary");
      const { wide, page, first } = await inspector.browser.value(`({ wide: document.documentElement.scrollWidth, page: document.documentElement.clientWidth, first: [...document.querySelectorAll("main *")].find((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !one.closest(".scroll"))?.outerHTML.slice(0, 200) })`);
      assert.ok(wide <= page, `${view}: ${wide} px in ${page}: ${first}`);
      assert.deepEqual(await violations(inspector.browser), [], view);
    }
    await inspector.browser.resize(1200, 900);
  });

  test("axe-core finds nothing, in light and dark", async () => {
    await sender(inspector.server.url)("POST", "/v1/recall", { user_id: "mara", task: TASK, token_budget: 200 });
    for (const theme of ["light", "dark"]) {
      await inspector.open("timeline/mara");
      await inspector.browser.value(`(localStorage.setItem("claiv-theme", "${theme}"), true)`);
      await inspector.open("timeline/mara");
      assert.equal(await inspector.browser.value("document.documentElement.dataset.theme"), theme);
      await inspector.browser.has(".row .content");
      await inspector.browser.click(".row");
      await inspector.browser.has(".details dl");
      assert.deepEqual(await violations(inspector.browser), [], `timeline, ${theme}`);
      await inspector.browser.click(".entry", "Papers for the move");
      await inspector.browser.click("summary", "Passports");
      await inspector.browser.has("details[open] .text", "2029");
      assert.deepEqual(await violations(inspector.browser), [], `document, ${theme}`);
      await inspector.browser.click(".top button[aria-haspopup]");
      await inspector.browser.until("document.querySelector('dialog').open");
      assert.deepEqual(await violations(inspector.browser), [], `keys, ${theme}`);
      await inspector.browser.click("dialog button");
      for (const [view, ready] of [["recall", ".block"], ["prompt", ".prompt-text"], ["live", ".call"], ["usage", ".meter"], ["tools", ".cards"]]) {
        await inspector.browser.value(`(location.hash = "#${view}/mara", true)`);
        if (view === "recall") await inspector.browser.type(".task input", TASK);
        await inspector.browser.has(ready);
        if (view === "recall") await inspector.browser.click(".segments input[value=all]");
        if (view === "recall") await inspector.browser.has("article[aria-label=V6] .block");
        await inspector.browser.value("([...document.querySelectorAll('main details')].forEach((one) => { one.open = true; }), true)");
        if (view === "live") await inspector.browser.has(".call[open] pre");
        assert.deepEqual(await violations(inspector.browser), [], `${view}, ${theme}`);
        if (view === "recall") await inspector.browser.click(".segments input[value=v1]");
      }
    }
    await inspector.browser.value(`(localStorage.removeItem("claiv-theme"), true)`);
  });

  test("hostile content is text: scripts, markup, right to left, a megabyte", async () => {
    const send = sender(inspector.server.url);
    for (const content of HOSTILE) await send("POST", "/v1/ingest", { user_id: "<b>eve</b>", thread_id: "<i>t</i>", type: "message", role: "user", content, metadata: { "<u>": content } });
    await send("POST", "/v1/ingest", { user_id: "<b>eve</b>", type: "message", content: `${"<p>long</p> ".repeat(100_000)} the end` });
    await inspector.open(`timeline/${encodeURIComponent("<b>eve</b>")}`);
    await inspector.browser.has(".row .content", "<script>");
    assert.equal(await inspector.browser.value("document.querySelectorAll('.row b:not(.role), .row img, .row script, .row h1, .entry i').length"), 0);
    await inspector.browser.click(".row", "<p>long</p>");
    await inspector.browser.click(".details button", "Show all");
    await inspector.browser.until("document.querySelector('.details .text').textContent.endsWith('the end')");
    await inspector.browser.click(".row", "onerror");
    await inspector.browser.has(".details .code", "onerror");
    await inspector.browser.value(`(location.hash = "#recall/" + encodeURIComponent("<b>eve</b>"), true)`);
    await inspector.browser.type(".task input", "script onerror override");
    await inspector.browser.has(".block .content", "onerror");
    await inspector.browser.value(`(location.hash = "#live/" + encodeURIComponent("<b>eve</b>"), true)`);
    await inspector.browser.has(".call", "<b>eve</b>");
    assert.match(await inspector.browser.value("document.title"), /Claiv inspector$/);
    assert.equal(await inspector.browser.value("document.querySelectorAll('main img, main script').length"), 0);
    await send("POST", "/v1/forget", { user_id: "<b>eve</b>" });
  });

  test("of fifty thousand events only those in view are in the page", async () => {
    const send = sender(inspector.server.url);
    const events = Array.from({ length: 50_000 }, (_, i) => ({
      event_id: `evt_many_${i}`, user_id: "many", type: "message", content: `Note number ${i}`, event_time: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(), stored_at: "2026-01-01T00:00:00.000Z",
    }));
    const state = (await send("GET", "/_claiv/api/state")).body;
    assert.equal((await send("PUT", "/_claiv/api/state", { ...state, events: [...state.events, ...events] })).status, 200);
    await inspector.open("timeline/many");
    await inspector.browser.has(".row .content", "Note number 49999");
    await inspector.browser.value("(document.querySelector('.window').focus(), true)");
    await inspector.browser.press(KEYS.end);
    await inspector.browser.until("[...document.querySelectorAll('.row .content')].some((one) => one.textContent === 'Note number 0')");
    await inspector.browser.value("(document.querySelector('.window').scrollTop = 84 * 25000, true)");
    await inspector.browser.until("[...document.querySelectorAll('.row .content')].some((one) => one.textContent === 'Note number 24999')");
    assert.ok(await inspector.browser.value("document.querySelectorAll('.row').length") < 60);
    await inspector.browser.type("input[type=search]", "number 31415");
    await inspector.browser.until("document.querySelectorAll('.row').length === 1");
    await send("PUT", "/_claiv/api/state", state);
  });
});
