// The inspector of the package's command, opened in a browser, with the demo's story in it.
import { after, before, describe } from "node:test";
import { serve, stop } from "../emulator/command.mjs";
import { BROWSERS, openBrowser, whyNot } from "./browser.mjs";
import { fill } from "./story.mjs";

/** A task that the story has much about. */
export const TASK = "What do I need to know before I see a doctor with Ida?";

/**
 * Starts the command, fills it, and opens a browser. Gives `server`, `browser`, `end()`, and `open(hash, { base, ready })`, which loads the page anew (what was
 * chosen before is forgotten) at `#hash` and waits until there is an element `ready`.
 */
async function look(name) {
  const server = await serve();
  const ending = [() => stop(server)];
  const end = async () => {
    for (const act of ending.reverse()) await act();
  };
  try {
    await fill(server.url);
    const browser = await openBrowser(name);
    ending.push(() => browser.close());
    let opened = 0;
    const open = async (hash, { base = server.url, ready = "h2" } = {}) => {
      opened += 1;
      await browser.open(`${base}/_claiv/?${opened}#${hash}`);
      await browser.until(`location.search === "?${opened}" && document.querySelector(${JSON.stringify(ready)})`);
    };
    return { server, browser, open, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Declares the same tests for every browser. `declare(inspector)` is called at once; what `look` gives is in `inspector` while the tests run. */
export async function inEachBrowser(declare) {
  for (const name of BROWSERS) {
    describe(name, { timeout: 240_000, skip: await whyNot(name) }, () => {
      const inspector = {};
      before(async () => {
        Object.assign(inspector, await look(name));
      });
      after(() => inspector.end?.());
      declare(inspector);
    });
  }
}
