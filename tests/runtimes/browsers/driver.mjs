// Browsers, under the policy `script-src 'self' 'wasm-unsafe-eval'`, with all services on other origins.
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { site, visit } from "./site.mjs";
import { chromium, firefox, webkit } from "./webdriver.mjs";

const BROWSERS = { Chromium: chromium, Firefox: firefox, WebKit: webkit };

const KINDS = {
  page: { what: "a page with an import map", page: "page.html" },
  worker: { what: "a module worker", page: "worker.html" },
  classic: { what: "classic scripts", page: "classic.html" },
};

const row = (name, kind) => ({
  id: `browser-${name.toLowerCase()}-${kind}`,
  title: `${name}, ${KINDS[kind].what}`,
  quick: kind === "page" || (name === "Chromium" && kind === "classic"),
  async run(t) {
    const browser = await BROWSERS[name](t);
    const folder = t.workspace({}, { copy: ["tests/runtimes/support", "tests/runtimes/browsers"], drop: /(site|webdriver|hostile|services|report)\.mjs$/ });
    if (kind === "classic") await bundleWatch(folder);
    return { version: browser.version, results: await visit(t, browser, await site(t, folder), KINDS[kind].page) };
  },
});

/** watch() as a classic script. */
async function bundleWatch(folder) {
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents: `export { watch } from "./conformance/watch.mjs";`, resolveDir: folder }, bundle: true, write: false, format: "iife", globalName: "conformanceWatch",
  });
  writeFileSync(join(folder, "watch.iife.js"), `${text}\nconformanceWatch = conformanceWatch.watch();\n`);
}

export const rows = Object.keys(BROWSERS).flatMap((name) => Object.keys(KINDS).map((kind) => row(name, kind)));
