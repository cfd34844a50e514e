// IndexedDB in browsers: pages that die at every step of a flush, two tabs, offline and online, no room, and a browser that is closed.
import { build } from "esbuild";
import { chromium, firefox, scratch, webkit } from "../browsers/webdriver.mjs";
import { cases, faultsOf, startService } from "./service.mjs";

const BROWSERS = {
  Chromium: { start: chromium, keepsProfile: true },
  Firefox: { start: firefox, keepsProfile: true },
  WebKit: { start: webkit, keepsProfile: false },
};
const EVENTS = 4;

/** The page, bundled as an application's bundler does it. */
async function pagesOf(folder) {
  const { outputFiles: [{ text }] } = await build({ entryPoints: [`${folder}/page.mjs`], bundle: true, write: false, format: "esm", logLevel: "error" });
  const html = '<!doctype html><meta charset="utf-8"><title>outbox</title><script type="module" src="/page.js"></script>';
  return {
    "/page": { content: html, type: "text/html; charset=utf-8" },
    "/page.js": { content: text, type: "text/javascript" },
    "/killed": { content: "<!doctype html><title>killed</title>", type: "text/html" },
  };
}

async function runIn(t, { start, keepsProfile }) {
  const { results, add, leaveOut } = cases(t);
  const folder = t.workspace({}, { copy: ["tests/runtimes/outbox"], drop: /(driver|browsers|service|cloudflare|miniflare|deno)\.mjs$/ });
  const service = await startService(t, { pages: await pagesOf(folder) });
  const profile = keepsProfile ? scratch(t, "outbox-profile") : undefined;
  let browser = await start(t, profile);
  let serial = 0;
  const address = (name, what, { origin = service.url, ...more } = {}) => `${origin}/page?${new URLSearchParams({ do: what, name, ...more })}`;
  /** Opens a page and gives what it reports. */
  const visit = async (what, more) => {
    const name = `${what}-${++serial}`;
    await browser.open(address(name, what, more));
    return service.report(name);
  };
  const expect = (actual, wanted, what) => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (a !== b) throw new t.Failure(`${what}: expected ${b}, got ${a}`);
  };
  const expectStored = (numbers, what) => expect(faultsOf(service.stored, numbers), [], what);
  const range = (first, count) => Array.from({ length: count }, (_, i) => first + i);

  const until = async (holds, what) => {
    for (const since = Date.now(); !(await holds()); await new Promise((resolve) => setTimeout(resolve, 50))) {
      if (Date.now() - since > 60_000) throw new t.Failure(`${what} did not come within a minute`);
    }
  };

  /** Waits for the page /killed, which is asked for earlier than it is there: until then the page before it runs, and Firefox loses a navigation. */
  const otherPage = () => until(() => browser.evaluate("location.pathname === '/killed' && document.readyState === 'complete'").catch(() => false), "the other page");

  for (const locks of ["web", "none"]) {
    const by = locks === "web" ? "by the Web Locks API" : "by a lease";
    await add(`the contract of stores, ${by}`, async () => expect(await visit("contract", { locks }), [], "broken"));
  }

  for (const locks of ["web", "none"]) {
    await add(`a page killed at every step of a flush stores each event once and in order, ${locks === "web" ? "with Web Locks" : "with a lease"}`, async () => {
      let steps = 0;
      // With a lease each death costs the time until it ends, so not every step is tried.
      const every = locks === "web" ? 1 : 13;
      for (let kill = 1; ; kill += every) {
        service.reset();
        service.fail = () => 503;
        const queued = await visit("queue", { first: kill * 100, count: EVENTS, locks, close: 1 });
        expect(queued.length, EVENTS, "queued");
        service.fail = () => undefined;
        const name = `flush-${++serial}`;
        await browser.open(address(name, "flush", { kill, locks }));
        const isKilled = await Promise.race([service.wasAsked("/killed").then(() => true), service.report(name).then(() => false)]);
        if (isKilled) {
          await otherPage();
          await visit("flush", { locks });
        }
        expectStored(queued, `killed at step ${kill}`);
        if (!isKilled) break;
        steps += 1;
        if (steps > 100) throw new t.Failure("the flush never ends");
      }
      if (steps < (locks === "web" ? 10 : 2)) throw new t.Failure(`only ${steps} steps`);
      console.log(`     ${browser.version}: killed at ${steps} steps, ${locks === "web" ? "Web Locks" : "lease"}`);
    });
  }

  await add("two tabs: one sends at a time, and each event is stored once", async () => {
    service.reset();
    let now = 0;
    let most = 0;
    service.fail = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
    };
    const names = [`tab-${++serial}`, `tab-${++serial}`];
    const [first, second] = [[0, 20], [20, 20]];
    await browser.open(address(names[0], "queue", { first: first[0], count: first[1] }));
    const close = await browser.openTab(address(names[1], "queue", { first: second[0], count: second[1] }));
    await Promise.all(names.map((name) => service.report(name)));
    // A page that is closed in the middle of a call, or before the event is removed, has it sent once more by the next.
    await until(() => browser.evaluate("window.isEmpty()"), "the end of both tabs' events");
    await close();
    await visit("flush");
    // What the tabs queue at once has an order within each.
    for (const [begin, count] of [first, second]) {
      expect(faultsOf(service.stored.filter(({ metadata: { n } }) => n >= begin && n < begin + count), range(begin, count)), [], "two tabs");
    }
    expect(service.stored.length, 40, "stored");
    expect(service.requests, 40, "requests");
    // Six conversations, of which an outbox sends four at once; two outboxes would send six.
    if (most > 4) throw new t.Failure(`${most} at once: both tabs were sending`);
  });

  await add("a tab that is closed leaves its events to another that is open", async () => {
    service.reset();
    service.fail = () => 503;
    await visit("queue", { first: 0, count: 4 });
    const name = `drain-${++serial}`;
    const close = await browser.openTab(address(name, "drain"));
    await browser.open(`${service.url}/killed`);
    service.fail = () => undefined;
    await service.report(name);
    await close();
    expectStored(range(0, 4), "the other tab");
  });

  for (const locks of ["web", "none"]) {
    await add(`a page that queues and sends until it is left, and goes into the back/forward cache, holds up no other, ${locks === "web" ? "with Web Locks" : "with a lease"}`, async () => {
      service.reset();
      await visit("leave", { first: 0, locks });
      await browser.open(`${service.url}/killed`);
      await service.wasAsked("/killed");
      await visit("queue", { first: 10_000, count: 4, locks });
      await visit("flush", { locks });
      const promised = service.notes.map((note) => JSON.parse(note)).flat();
      if (promised.length === 0) throw new t.Failure("the page was not left");
      expectStored([...promised, ...range(10_000, 4)], "after the page was left");
    });
  }

  for (const locks of ["web", "none"]) {
    const by = locks === "web" ? "with Web Locks" : "with a lease";
    /** What the service is asked for, each request for as long as `holds` takes. */
    const watch = (holds) => {
      const now = new Map();
      const seen = { most: 0, sent: [] };
      service.fail = async ({ user_id, conversation_id, metadata: { n } }) => {
        const lane = `${user_id} ${conversation_id}`;
        seen.sent.push(n);
        now.set(lane, (now.get(lane) ?? 0) + 1);
        seen.most = Math.max(seen.most, now.get(lane));
        await holds(n);
        now.set(lane, now.get(lane) - 1);
      };
      return seen;
    };
    const leave = async () => {
      await browser.open(`${service.url}/killed`);
      await otherPage();
    };
    const goBack = async () => {
      await browser.evaluate("history.back()");
      await until(() => browser.evaluate("typeof window.more === 'function'").catch(() => false), "the page that was gone back to");
      const wasCached = await browser.evaluate("Boolean(window.wasCached)");
      console.log(`     ${browser.version}: a page that was gone back to was ${wasCached ? "in the back/forward cache" : "loaded anew"}, ${by}`);
      return wasCached;
    };

    /** With a database of its own; what one of these leaves open would send in the next. */
    const addBack = (name, work) => add(`${name}, ${by}`, async () => {
      service.reset();
      const more = { locks, db: `back-${++serial}` };
      const tabs = [];
      const openOther = async () => {
        const close = await browser.openTab(address(`drain-${++serial}`, "drain", { ...more, timeout: 60_000 }));
        const closeOnce = () => tabs.splice(0).length > 0 && close();
        tabs.push(closeOnce);
        return closeOnce;
      };
      try {
        await work(more, openOther);
      } finally {
        for (const close of tabs) await close();
      }
    });
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

    await addBack("a page that was sending and is gone back to while another tab sends is no second sender", async (more, openOther) => {
      service.fail = () => 503;
      await visit("back", { first: 0, count: 24, ...more });
      await leave();
      const seen = watch(() => sleep(100));
      const closeOther = await openOther();
      await until(() => service.stored.length >= 3, "the other tab's first events");
      const wasCached = await goBack();
      await browser.evaluate("window.more(100, 12)");
      await until(() => service.stored.length >= 36, "the events of both");
      await closeOther();
      await browser.evaluate("window.more(200, 12)");
      await until(() => service.stored.length >= 48, "events after the other tab was closed");
      expectStored([...range(0, 24), ...range(100, 12), ...range(200, 12)], "gone back to");
      // With a lease a tab that is stopped for too long may be taken for dead, and both send the same: one that is loaded anew queues it again.
      if (locks === "web") expect(seen.most, 1, "events of a conversation on their way at once");
      if (wasCached && locks === "web") expect(seen.sent.filter((n, i) => seen.sent.indexOf(n) !== i), [], "sent twice");
    });

    await addBack("a page that is left while it sends, and gone back to, sends the rest", async (more) => {
      let isHeld = true;
      const seen = watch(async () => { while (isHeld) await sleep(20); });
      await visit("back", { first: 0, count: 24, ...more });
      await until(() => seen.sent.length >= 4, "events on their way");
      await leave();
      isHeld = false;
      await goBack();
      await until(() => service.stored.length >= 24, "the rest");
      expectStored(range(0, 24), "gone back to");
    });

    await addBack("a page that waited for its turn and is gone back to takes it once the other tab is closed", async (more, openOther) => {
      service.fail = () => 503;
      await visit("queue", { first: 0, count: 1, close: 1, ...more });
      let passing = 0;
      const seen = watch(async (n) => { while (n >= passing) await sleep(20); });
      const closeOther = await openOther();
      await until(() => seen.sent.length > 0, "the other tab's first event");
      await visit("back", { first: 1, count: 23, ...more });
      await until(() => seen.sent.length >= 4, "the other tab's next events");
      await leave();
      passing = 6;
      // Of the four that it sends at once none is answered any more then.
      await until(() => service.stored.length >= 4, "the other tab's events");
      await goBack();
      await closeOther();
      passing = Infinity;
      // Nobody asks it to.
      await until(() => service.stored.length >= 24, "the events that the other tab left");
      expectStored(range(0, 24), "gone back to");
    });
  }

  await add("the event `online` tries at once what failed", async () => {
    service.reset();
    service.fail = () => "before";
    const name = `online-${++serial}`;
    await browser.open(address(name, "online", { first: 0, count: 3, dispatch: 1 }));
    // The failures are many enough for the next try to be seconds away.
    for (const since = Date.now(); service.requests < 5 && Date.now() - since < 60_000;) await new Promise((resolve) => setTimeout(resolve, 50));
    service.fail = () => undefined;
    await browser.evaluate("window.isOnline = true");
    await service.report(name);
    expectStored(range(0, 3), "after online");
  });

  await add("forget takes out what waits, in a page of its own", async () => {
    service.reset();
    service.fail = () => 503;
    await visit("queue", { first: 0, count: 12 });
    const left = await visit("forget");
    expect(left, range(0, 12).filter((n) => n % 6 !== 0), "left");
    expect(service.forgets, [{ user_id: "u0", conversation_id: "c0" }], "forgets");
    service.fail = () => undefined;
    await visit("flush");
    expectStored(left, "what was not forgotten");
    expect(service.stored.length, left.length, "stored");
  });

  const full = "no room left (quota): the ingest that did not fit rejects, the others are sent";
  if (start === chromium) {
    await add(full, async () => {
      service.reset();
      service.fail = () => 503;
      // An origin of its own: Chromium remembers for a while how much room there was.
      const origin = service.url.replace("127.0.0.1", "localhost");
      const limit = (bytes) => browser.command("goog/cdp/execute", { cmd: "Storage.overrideQuotaForOrigin", params: { origin, ...(bytes && { quotaSize: bytes }) } });
      await limit(5_000_000);
      const { queued, refused } = await visit("full", { origin, first: 0, count: 20, size: 1_000_000 });
      await limit();
      if (!/^ClaivError: The event was not queued: the store did not take it \(QuotaExceededError/.test(refused)) throw new t.Failure(`refused: ${refused}`);
      if (queued.length < 2) throw new t.Failure(`queued ${queued}`);
      service.fail = () => undefined;
      await visit("flush", { origin });
      expectStored(queued, "what fitted");
      expect(service.stored.length, queued.length, "stored");
    });
  } else leaveOut(full, "only Chromium's driver sets a quota");

  const returns = "queued offline, the browser closed and started again: stored once";
  if (keepsProfile) {
    await add(returns, async () => {
      service.reset();
      service.fail = () => "before";
      const queued = await visit("queue", { first: 0, count: 6 });
      await browser.stop();
      service.fail = (event, n) => (n === 2 ? "after" : undefined);
      browser = await start(t, profile);
      await visit("drain");
      expectStored(queued, "after the restart");
    });
  } else leaveOut(returns, "WebKitWebDriver's sessions keep no profile");

  return { version: browser.version, results };
}

export const rows = Object.entries(BROWSERS).map(([name, browser]) => ({
  id: `outbox-${name.toLowerCase()}`,
  title: `Outbox in ${name}, IndexedDB`,
  quick: name === "Chromium",
  run: (t) => runIn(t, browser),
}));
