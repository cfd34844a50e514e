// Senders of the storm that are pages: left for another page, reloaded, or in a tab that is closed.
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { listen } from "../support/services.mjs";

const PAGE = '<!doctype html><meta charset="utf-8"><title>storm</title><script type="module" src="/page.js"></script>';
const ELSEWHERE = '<!doctype html><title>elsewhere</title><script>fetch("/arrived", { method: "POST" })</script>';

/** How pages end, in turn. */
const HOW = ["left", "reloaded", "in a tab that was closed"];

const deferred = () => {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
};

/** `begin` for the storm, of pages in `browser`. They come from a server of their own: what the service holds takes their connections to it. */
export async function inPages(t, browser, folder) {
  const { outputFiles: [{ text: script }] } = await build({ entryPoints: [`${folder}/storm-page.mjs`], bundle: true, write: false, format: "esm", logLevel: "error" });
  /** The sender that the next page which asks is to be. */
  let next = deferred();
  let current;
  let serial = 0;
  /** A page has asked what it is to send, or has come elsewhere. */
  let arrived = deferred();

  const server = await listen(async (incoming, outgoing) => {
    const answer = (body, type = "application/json") => outgoing.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
    if (incoming.url === "/page") return answer(PAGE, "text/html");
    if (incoming.url === "/page.js") return answer(script, "text/javascript");
    if (incoming.url === "/elsewhere") return answer(ELSEWHERE, "text/html");
    const said = await text(incoming).catch(() => "");
    if (incoming.url === "/arrived") arrived.resolve();
    if (incoming.url === "/begin") {
      arrived.resolve();
      const { url, first, events, serial: own } = await next.promise;
      next = deferred();
      return answer(JSON.stringify({ url, first, events, serial: own }));
    }
    if (incoming.url === `/say/${current?.serial}`) {
      if (said.startsWith("failed ")) current.fail(new Error(said));
      else current.say(said);
    }
    answer("{}");
  });
  t.after(server.close);

  const arrival = async (work) => {
    arrived = deferred();
    await work();
    await arrived.promise;
  };
  /** The page of the sender before was reloaded: the next sender's is there. */
  let isThere = false;
  let turn = 0;
  return async (sender) => {
    // One that was reloaded has no tab of its own.
    const how = isThere ? "left" : HOW[turn++ % HOW.length];
    current = { ...sender, serial: ++serial };
    next.resolve(current);
    let closeTab;
    if (!isThere) {
      if (how === "in a tab that was closed") closeTab = await browser.openTab(`${server.url}/page`);
      else await browser.open(`${server.url}/page`);
    }
    isThere = false;
    return {
      async kill() {
        if (closeTab) await closeTab();
        else if (how === "left") await arrival(() => browser.open(`${server.url}/elsewhere`));
        else {
          await arrival(() => browser.evaluate("setTimeout(() => location.reload(), 0)"));
          isThere = true;
        }
        return how;
      },
      end: () => closeTab?.(),
    };
  };
}
