// A browser that looks at the inspector, and what tests do with it.
import { setTimeout as sleep } from "node:timers/promises";
import { NotRun, debian, tools, which } from "../../scripts/runtimes/install.mjs";
import { serve } from "../../scripts/runtimes/process.mjs";
import { Failure } from "../../scripts/lib/project.mjs";
import { chromium, firefox, webkit } from "../runtimes/browsers/webdriver.mjs";

const START = { Chromium: chromium, Firefox: firefox, WebKit: webkit };
export const BROWSERS = Object.keys(START);

/** WebDriver's names of keys. */
export const KEYS = { down: "\uE015", end: "\uE010", home: "\uE011", tab: "\uE004", right: "\uE014", left: "\uE012", escape: "\uE00C" };

const PROGRAMS = {
  Chromium: [["chromium", "chromedriver"], ["chromium", "chromium-driver"]],
  Firefox: [["firefox-esr"], ["firefox-esr"]],
  WebKit: [["WebKitWebDriver", "Xvfb"], ["webkit2gtk-driver", "xvfb"]],
};

/** Why a browser cannot be used here; false if it can. What is missing is installed where that may be done. */
export async function whyNot(name) {
  try {
    await debian(...PROGRAMS[name]);
    return false;
  } catch (error) {
    if (error instanceof NotRun) return error.message;
    throw error;
  }
}

export async function openBrowser(name) {
  const last = [];
  const t = { debian, tools, which, serve, NotRun, Failure, after: (act) => last.unshift(act) };
  const browser = await START[name](t);
  const close = async () => {
    for (const act of last) await Promise.resolve(act()).catch(() => {});
  };
  return { ...browser, ...hands(browser), close };
}

const quoted = JSON.stringify;

/** What a user of the page does. */
function hands(browser) {
  /** What an expression gives: through JSON, as both protocols of the browsers carry texts. */
  const value = async (expression) => JSON.parse((await browser.evaluate(`JSON.stringify(${expression}) ?? "null"`)) ?? "null");
  /** Waits until an expression gives something. */
  async function until(expression, what = expression, patience = 30_000) {
    const ends = Date.now() + patience;
    for (;;) {
      const found = await value(expression).catch(() => undefined);
      if (found) return found;
      if (Date.now() > ends) throw new Error(`${what} did not happen; the page says:\n${(await value("document.body.innerText.slice(0, 1500)"))}`);
      await sleep(50);
    }
  }
  const element = (selector, text) => (text === undefined ? `document.querySelector(${quoted(selector)})` : `[...document.querySelectorAll(${quoted(selector)})].find((one) => one.textContent.includes(${quoted(text)}))`);
  return {
    value,
    until,
    has: (selector, text) => until(`Boolean(${element(selector, text)})`, `${selector} ${text ?? ""}`),
    async click(selector, text) {
      await until(`Boolean(${element(selector, text)})`, `${selector} ${text ?? ""}`);
      await value(`(${element(selector, text)}.click(), true)`);
    },
    /** Types into a field, or drags a slider, as far as the page can tell. */
    async type(selector, text, event = "input") {
      await until(`Boolean(${element(selector)})`, selector);
      await value(`(() => { const field = ${element(selector)}; const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value"); set.call(field, ${quoted(text)}); field.dispatchEvent(new Event(${quoted(event)}, { bubbles: true })); return true; })()`);
    },
    texts: (selector) => value(`[...document.querySelectorAll(${quoted(selector)})].map((one) => one.textContent.trim())`),
  };
}
