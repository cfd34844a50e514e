// The Rust tests (tests/*.rs and the unit tests, as wasm) in browsers. wasm-bindgen's runner only serves them here: its own way to start a browser
// needs a geckodriver for Firefox, which Debian does not have, and ours is there already.
import { TARGET, locked, wasmEnv } from "../../../scripts/lib/cargo.mjs";
import { at, root, tools } from "../../../scripts/lib/project.mjs";
import { closedPort } from "../../support/server.mjs";
import { listen } from "../support/services.mjs";
import { chromium, firefox, webkit } from "../browsers/webdriver.mjs";

const TEST = /^test (.+?) \.\.\. (ok|FAIL|ignored)/gm;
const PATIENCE = 180_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Builds the tests, which `make test` has done before, and gives the files. */
async function build(t) {
  const args = ["test", "-p", "claiv-memory", "--target", TARGET, "--lib", "--test", "*", "--no-run", "--message-format=json", ...locked];
  const out = await t.capture(tools().CLAIV_WASM_CARGO, args, { cwd: root, env: wasmEnv("wasm-test"), timeout: 900_000, what: "cargo test --no-run" });
  return out.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line).executable).filter(Boolean);
}

/**
 * Hands on what `origin` has, one file at a time, each over a connection of its own: the runner's server leaves requests unanswered where a browser
 * keeps six connections open, as Chromium does.
 */
async function inTurn(origin) {
  let turn = Promise.resolve();
  const file = async (path) => {
    const answer = await fetch(origin + path, { headers: { connection: "close" } });
    return { status: answer.status, type: answer.headers.get("content-type") ?? "text/plain", content: Buffer.from(await answer.arrayBuffer()) };
  };
  return listen(async ({ url }, outgoing) => {
    const found = turn.then(() => file(url));
    turn = found.catch(() => {});
    const { status, type, content } = await found;
    outgoing.writeHead(status, { "content-type": type });
    outgoing.end(content);
  });
}

/** Runs the tests of one file in a page and gives their outcomes. */
async function inPage(t, browser, file) {
  const port = await closedPort();
  const server = await t.serve(tools().CLAIV_TEST_RUNNER, [file], {
    // The runner gives out what its folder holds: the module that the crate imports.
    cwd: at("pkg-template/client"), ready: /available at (http:\S+)/, what: "wasm-bindgen-test-runner",
    env: { NO_HEADLESS: "1", WASM_BINDGEN_USE_BROWSER: "1", WASM_BINDGEN_TEST_ADDRESS: `127.0.0.1:${port}`, RUST_BACKTRACE: "0" },
  });
  t.after(server.stop);
  const front = await inTurn(server.match[1]);
  t.after(front.close);
  await browser.open(`${front.url}/`);
  const text = await settled(browser, front.url);
  const found = [...text.matchAll(TEST)].map(([, name, outcome]) => ({
    group: "rust", name, ms: 0,
    ...(outcome === "ok" ? { outcome: "passed" } : outcome === "ignored" ? { outcome: "not-run", reason: "ignored" } : { outcome: "failed", message: text.slice(-3000) }),
  }));
  if (found.length === 0 || !/test result: /.test(text)) throw new t.Failure(`the page did not finish:\n${text.slice(-3000)}`);
  return found;
}

/** The text of the page at `url` when its tests have ended. Until that page is loaded, the one before it would still answer. */
async function settled(browser, url) {
  let text = "";
  for (const until = Date.now() + PATIENCE; Date.now() < until && !/test result: /.test(text); await sleep(250)) {
    text = String(await browser.evaluate(`location.origin === "${url}" ? document.getElementById("output")?.textContent ?? "" : ""`).catch(() => "") ?? "");
  }
  return text;
}

const row = (name, start) => ({
  id: `wasm-tests-${name.toLowerCase()}`,
  title: `The Rust tests, in ${name}`,
  quick: name !== "WebKit",
  async run(t) {
    const files = await build(t);
    const browser = await start(t);
    const results = [];
    for (const file of files) results.push(...(await inPage(t, browser, file)));
    return { version: browser.version, results };
  },
});

export const rows = [row("Chromium", chromium), row("Firefox", firefox), row("WebKit", webkit)];
