// The inspector by the keyboard alone: shortcuts, the way through each view, and where the focus goes when a control is gone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEYS } from "./browser.mjs";
import { TASK, inEachBrowser } from "./look.mjs";

/** More than any view has controls. */
const MOST = 250;
/** What can be used: of radio buttons the one that is chosen, as the arrow keys lead to the others. */
const CONTROLS = `[...document.querySelectorAll("a[href], button:not(:disabled), input, select, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !one.closest("dialog") && (one.type !== "radio" || one.checked))`;
/** Whether the focus is visible: the element, its next sibling or its label has an outline. A headless Firefox window never has the focus, so nothing in it has one. */
const HAS_OUTLINE = `((one) => [one, one.nextElementSibling, one.closest("label")].some((shown) => shown && getComputedStyle(shown).outlineStyle !== "none" && parseFloat(getComputedStyle(shown).outlineWidth) >= 1))`;

await inEachBrowser((inspector) => {
  const view = () => inspector.browser.value("document.querySelector('main h2').textContent");

  test("single keys lead to views and fields, are listed, and can be switched off", async () => {
    await inspector.open("timeline/mara", { ready: ".row .content" });
    await inspector.browser.press("2");
    await inspector.browser.until("document.querySelector('main h2').textContent === 'Recall lab' && document.activeElement.id === 'main'");
    await inspector.browser.press("/");
    await inspector.browser.until("document.activeElement.matches('.task input')");
    await inspector.browser.press("3");
    await inspector.browser.until("document.activeElement.value === '3'");
    assert.equal(await view(), "Recall lab");
    await inspector.browser.press(KEYS.tab);
    await inspector.browser.press("1");
    await inspector.browser.has("main h2", "Timeline");
    await inspector.browser.has(".row .content");
    await inspector.browser.press("/");
    await inspector.browser.until("document.activeElement.type === 'search'");
    await inspector.browser.value("(document.activeElement.blur(), true)");
    await inspector.browser.press("?");
    await inspector.browser.until("document.querySelector('dialog').open");
    const listed = (await inspector.browser.texts("dialog dt")).join(" ");
    for (const key of ["1", "6", "/", "?", "Page Up", "Home", "Esc"]) assert.ok(listed.includes(key), `${key} in ${listed}`);
    await inspector.browser.press("2");
    assert.equal(await view(), "Timeline");
    await inspector.browser.click("dialog input[type=checkbox]");
    await inspector.browser.press(KEYS.escape);
    await inspector.browser.until("!document.querySelector('dialog').open");
    await inspector.browser.press("2");
    await inspector.open("timeline/mara", { ready: ".row .content" });
    await inspector.browser.press("2");
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(await view(), "Timeline");
    await inspector.browser.value(`(localStorage.removeItem("claiv-keys"), true)`);
  });

  for (const [hash, ready] of [["timeline/mara", ".row .content"], [`recall/mara?task=${encodeURIComponent(TASK)}`, ".block"], [`prompt/mara?task=${encodeURIComponent(TASK)}`, ".code"], ["live/mara", ".call"], ["usage/mara", ".meter"], ["tools/mara", ".cards"]]) {
    test(`Tab leads to every control of ${hash.split("/")[0]}, and each is seen when it has the focus`, async () => {
      await inspector.open(hash, { ready });
      // From the first control on, wherever the focus was before.
      await inspector.browser.value(`(window.controls = ${CONTROLS}, controls[0].focus(), window.met = new Set([controls[0]]), window.unseen = [], window.order = [], true)`);
      const wanted = await inspector.browser.value("controls.length");
      for (let pressed = 0, met = 1; pressed < MOST && met < wanted; pressed++) {
        await inspector.browser.press(KEYS.tab);
        met = await inspector.browser.value(`((one) => {
          if (!controls.includes(one) || met.has(one)) return met.size;
          met.add(one);
          order.push(controls.indexOf(one));
          if (document.hasFocus() && !${HAS_OUTLINE}(one)) unseen.push(one.outerHTML.slice(0, 120));
          return met.size;
        })(document.activeElement)`);
      }
      const missed = await inspector.browser.value("controls.filter((one) => !met.has(one)).map((one) => one.outerHTML.slice(0, 120))");
      assert.deepEqual(missed, []);
      assert.deepEqual(await inspector.browser.value("unseen"), []);
      const order = await inspector.browser.value("order");
      assert.equal(await inspector.browser.value("controls[0].className"), "skip");
      assert.deepEqual(order, order.toSorted((one, other) => one - other), "the order of the focus is that of the page");
    });
  }

  test("where a button that was pressed is gone, the focus goes to what came instead", async () => {
    await inspector.open("tools/mara", { ready: ".cards" });
    // A window of Firefox without a screen does not have the focus, and no key presses a button in it.
    const press = (text) => inspector.browser.value(`((one) => { one.focus(); one.click(); return true; })([...document.querySelectorAll("button")].find((one) => one.textContent.includes(${JSON.stringify(text)})))`);
    const focus = (text) => inspector.browser.until(`document.activeElement.textContent.includes(${JSON.stringify(text)}) && document.activeElement !== document.body`);
    await press("Reset…");
    await focus("No");
    await press("No");
    await focus("Reset…");
    await inspector.open("timeline/mara", { ready: ".row .content" });
    await inspector.browser.click(".row");
    await inspector.browser.has(".details dl");
    await press("×");
    await inspector.browser.until("document.activeElement.className === 'window' && !document.querySelector('.details dl')");
    await inspector.open("recall/mara", { ready: ".empty" });
    await press("Try “");
    await inspector.browser.until("document.activeElement.matches('.task input')");
    await inspector.open("usage/ben", { ready: ".meter" });
    await fetch(`${inspector.server.url}/v1/ingest`, { method: "POST", headers: { authorization: "Bearer test", "content-type": "application/json" }, body: JSON.stringify({ user_id: "ben", type: "message", content: "one" }) });
    await inspector.browser.has(".danger:not(:disabled)", "Forget 1 event");
    await press("Forget 1 event");
    await focus("Done: 1 event deleted");
  });
});
