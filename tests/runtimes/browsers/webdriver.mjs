// Chromium and WebKit through WebDriver, Firefox through WebDriver BiDi (Debian has no geckodriver). Each start gives
// { version, open(url), openTab(url), evaluate(expression), press(key), resize(width, height), screenshot(), stop() }; openTab gives a function
// that closes the tab, a key is a character of WebDriver's, a screenshot a PNG. A profile is a folder in which a browser of the same kind finds
// what an earlier one left, where its driver keeps one.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { closedPort } from "../../support/server.mjs";

/** A folder that goes when the row has ended. */
export function scratch(t, name) {
  const folder = mkdtempSync(join(tmpdir(), `claiv-${name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}

/**
 * Starts a browser, up to three times: on a busy machine it ends now and then before it has a page. Each further start is printed. Other errors than
 * `t.Failure` are not tried again: a browser that is not installed, or a fault of the program.
 */
export async function startWithRetries(t, name, start) {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof t.Failure) || tries === 3) throw error;
      console.log(`     ${name} did not start, and is started again: ${error.message.split("\n")[0]}`);
      await new Promise((resolve) => setTimeout(resolve, 500 * tries));
    }
  }
}

/** A session of the classic WebDriver protocol. */
async function session(t, base, capabilities) {
  const send = async (method, path, body) => {
    const response = await fetch(base + path, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
    const { value } = await response.json();
    if (!response.ok) throw new t.Failure(`WebDriver: ${value.error}: ${value.message}`);
    return value;
  };
  const { sessionId, capabilities: given } = await startWithRetries(t, capabilities.browserName ?? "WebKit", () => send("POST", "/session", { capabilities: { alwaysMatch: capabilities } }));
  const window = (method, path, body) => send(method, `/session/${sessionId}/window${path}`, body);
  return {
    version: given.browserVersion,
    command: (path, body) => send("POST", `/session/${sessionId}/${path}`, body),
    async openTab(url) {
      const first = await window("GET", "");
      const { handle } = await window("POST", "/new", { type: "tab" });
      await window("POST", "", { handle });
      await send("POST", `/session/${sessionId}/url`, { url });
      await window("POST", "", { handle: first });
      return async () => {
        await window("POST", "", { handle });
        await window("DELETE", "");
        await window("POST", "", { handle: first });
      };
    },
    open: (url) => send("POST", `/session/${sessionId}/url`, { url }),
    evaluate: (expression) => send("POST", `/session/${sessionId}/execute/sync`, { script: `return (${expression});`, args: [] }),
    press: (value) => send("POST", `/session/${sessionId}/actions`, { actions: [{ type: "key", id: "keys", actions: [{ type: "keyDown", value }, { type: "keyUp", value }] }] }),
    // A window of Chromium's is never as narrow as a phone, but its page can be.
    resize: (width, height) => (capabilities.browserName === "chrome"
      ? send("POST", `/session/${sessionId}/goog/cdp/execute`, { cmd: "Emulation.setDeviceMetricsOverride", params: { width, height, deviceScaleFactor: 1, mobile: false } })
      : send("POST", `/session/${sessionId}/window/rect`, { width, height })),
    screenshot: async () => Buffer.from(await send("GET", `/session/${sessionId}/screenshot`), "base64"),
    stop: () => send("DELETE", `/session/${sessionId}`).catch(() => {}),
  };
}

/** What keeps Chromium quiet and alive in a container. */
export const CHROMIUM_ARGS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];

export async function chromium(t, profile = scratch(t, "chromium")) {
  await t.debian(["chromium", "chromedriver"], ["chromium", "chromium-driver"]);
  const driver = await t.serve(t.which("chromedriver"), ["--port=0"], { ready: /started successfully on port (\d+)/, what: "chromedriver" });
  t.after(driver.stop);
  const args = [...CHROMIUM_ARGS, `--user-data-dir=${profile}`];
  const browser = await session(t, `http://127.0.0.1:${driver.match[1]}`, { browserName: "chrome", "goog:chromeOptions": { binary: t.which("chromium"), args } });
  t.after(browser.stop);
  return { ...browser, version: `Chromium ${browser.version}` };
}

const MINI_BROWSERS = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"]
  .flatMap((name) => ["x86_64-linux-gnu/", "aarch64-linux-gnu/", ""].map((where) => `/usr/lib/${where}${name}/MiniBrowser`));

export async function webkit(t) {
  await t.debian(["WebKitWebDriver", "Xvfb"], ["webkit2gtk-driver", "xvfb"]);
  const binary = MINI_BROWSERS.find(existsSync);
  if (!binary) throw new t.NotRun("WebKitWebDriver is there, but no MiniBrowser for it");
  const screen = await t.serve(t.which("Xvfb"), ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], { ready: /^(\d+)$/, what: "Xvfb" });
  t.after(screen.stop);
  const home = scratch(t, "webkit");
  const port = await closedPort();
  const driver = await t.serve("sh", ["-c", `${t.which("WebKitWebDriver")} --host=127.0.0.1 --port=${port} & echo started; wait`], {
    ready: /started/, what: "WebKitWebDriver",
    env: { DISPLAY: `:${screen.match[1]}`, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, WEBKIT_DISABLE_DMABUF_RENDERER: "1", LIBGL_ALWAYS_SOFTWARE: "1" },
  });
  t.after(driver.stop);
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 50 && !(await fetch(`${base}/status`).catch(() => false)); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
  const browser = await session(t, base, { "webkitgtk:browserOptions": { binary, args: ["--automation"] } });
  t.after(browser.stop);
  return { ...browser, version: `WebKitGTK ${browser.version}` };
}

/** What Firefox would otherwise ask of servers elsewhere. */
const PREFERENCES = {
  "app.normandy.enabled": false, "app.update.auto": false, "browser.shell.checkDefaultBrowser": false, "browser.startup.homepage": "about:blank",
  "datareporting.policy.dataSubmissionEnabled": false, "extensions.getAddons.cache.enabled": false, "extensions.systemAddon.update.enabled": false,
  "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false, "network.dns.disablePrefetch": true,
  "services.settings.server": "data:,#remote-settings-dummy/v1", "toolkit.telemetry.enabled": false, "toolkit.telemetry.server": "data:,",
  "browser.safebrowsing.update.enabled": false, "dom.max_script_run_time": 0, "remote.active-protocols": 1,
};

export async function firefox(t, profile = scratch(t, "firefox")) {
  await t.debian(["firefox-esr"], ["firefox-esr"]);
  const { WebSocket } = createRequire(pathToFileURL(join(await t.tools("tests/runtimes/browsers"), "x.js")))("ws");
  writeFileSync(join(profile, "user.js"), Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
  const args = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"];
  const program = await startWithRetries(t, "Firefox", () => t.serve(t.which("firefox-esr"), args, { ready: /WebDriver BiDi listening on (ws:\S+)/, what: "Firefox", env: { HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" } }));
  t.after(program.stop);
  const socket = new WebSocket(`${program.match[1]}/session`);
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  t.after(() => socket.terminate());
  const waiting = new Map();
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let serial = 0;
  const send = (method, params) => new Promise((resolve, reject) => {
    const id = ++serial;
    waiting.set(id, (message) => (message.type === "error" ? reject(new t.Failure(`BiDi: ${message.error}: ${message.message}`)) : resolve(message.result)));
    socket.send(JSON.stringify({ id, method, params }));
  });
  const { capabilities } = await send("session.new", { capabilities: {} });
  const { contexts: [{ context }] } = await send("browsingContext.getTree", {});
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    open: (url) => send("browsingContext.navigate", { context, url, wait: "none" }),
    async openTab(url) {
      const tab = await send("browsingContext.create", { type: "tab", background: true });
      await send("browsingContext.navigate", { context: tab.context, url, wait: "none" });
      return () => send("browsingContext.close", tab);
    },
    async evaluate(expression) {
      const { result } = await send("script.evaluate", { expression, target: { context }, awaitPromise: false });
      return result?.value;
    },
    press: (value) => send("input.performActions", { context, actions: [{ type: "key", id: "keys", actions: [{ type: "keyDown", value }, { type: "keyUp", value }] }] }),
    resize: (width, height) => send("browsingContext.setViewport", { context, viewport: { width, height } }),
    screenshot: async () => Buffer.from((await send("browsingContext.captureScreenshot", { context })).data, "base64"),
    stop: program.stop,
  };
}

