// examples/outbox-browser, used as its reader would: a page that goes offline, notes something, is closed, and comes back.
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../../scripts/lib/project.mjs";
import { chromium, scratch } from "../browsers/webdriver.mjs";
import { cases } from "./service.mjs";

const OFFLINE = { offline: true, latency: 0, download_throughput: 0, upload_throughput: 0 };

async function run(t) {
  const { results, add } = cases(t);
  const folder = t.workspaces.make("examples/outbox-browser", {});
  cpSync(at("examples/outbox-browser"), folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  const server = await t.serve(process.execPath, ["serve.mjs"], { cwd: folder, env: { PORT: "0", CLAIV_API_KEY: "" }, ready: /open (http:\S+)/, what: "the example" });
  t.after(server.stop);
  const url = server.match[1];
  const profile = scratch(t, "outbox-example");
  let browser = await chromium(t, profile);
  const text = (id) => browser.evaluate(`document.getElementById(${JSON.stringify(id)}).textContent`);
  const until = async (wanted) => {
    let seen;
    for (const since = Date.now(); Date.now() - since < 30_000;) {
      seen = await Promise.all(["network", "waiting", "stored"].map(text)).catch((error) => [error.message]);
      if (seen.join(" ") === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new t.Failure(`the page shows ${seen.join(" ")} and not ${wanted}`);
  };
  const note = (content) => browser.evaluate(`(document.getElementById("text").value = ${JSON.stringify(content)}, document.querySelector("button").click())`);
  const picture = async (name) => {
    if (!process.env.CLAIV_SCREENSHOTS) return;
    writeFileSync(join(process.env.CLAIV_SCREENSHOTS, `${name}.png`), Buffer.from((await browser.command("goog/cdp/execute", { cmd: "Page.captureScreenshot", params: {} })).data, "base64"));
  };

  await add("a page that goes offline, notes something, is closed and comes back online stores it once", async () => {
    await browser.open(url);
    await until("online 0 0");
    await browser.command("chromium/network_conditions", { network_conditions: OFFLINE });
    await note("I am allergic to peanuts");
    await until("offline 1 0");
    await note("I moved to Lisbon");
    await until("offline 2 0");
    await picture("offline");
    await browser.stop();

    browser = await chromium(t, profile);
    await browser.open(url);
    await until("online 0 2");
    await picture("online");
  });

  await add("a page that stays open sends as soon as it is online", async () => {
    await browser.command("chromium/network_conditions", { network_conditions: OFFLINE });
    await note("I play the piano");
    await until("offline 1 2");
    await browser.command("chromium/network_conditions", { network_conditions: { ...OFFLINE, offline: false, download_throughput: -1, upload_throughput: -1 } });
    await until("online 0 3");
  });
  return { version: browser.version, results };
}

export const rows = [{ id: "outbox-example", title: "examples/outbox-browser", quick: true, run }];
