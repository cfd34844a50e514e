// What all bundlers share: the project they get, and what is wanted of their output.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { inlinedModules } from "../../support/inlined.mjs";
import { site, visit } from "../../runtimes/browsers/site.mjs";
import { chromium } from "../../runtimes/browsers/webdriver.mjs";

/** A project of a page: index.html with a module script, src/index.js. */
export const project = (t, options = {}) => t.workspaces.make(t.id, {
  "index.html": readFileSync(new URL("index.html", import.meta.url), "utf8"),
  "src/index.js": readFileSync(new URL("index.js", import.meta.url), "utf8"),
  "src/client-only.js": readFileSync(new URL("client-only.js", import.meta.url), "utf8"),
  "client-only.html": '<!doctype html>\n<script type="module" src="./src/client-only.js"></script>\n',
  "page.html": '<!doctype html>\n<meta charset="utf-8">\n<title>A bundled page</title>\n<script type="module" src="./dist/index.js"></script>\n',
}, { copy: ["tests/runtimes/support"], drop: /(hostile|services|report)\.mjs$/, ...options });

/** All scripts in a folder as one text. */
function scripts(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && /\.[cm]?js$/.test(file)).map((file) => readFileSync(file, "utf8")).join("\n");
}

/**
 * A row for a bundler. `make(t, folder)` bundles src/index.js and gives { version, page?, root? }: which page shows it, and the
 * folder to serve. `clientOnly(t, folder)` bundles src/client-only.js into the folder it gives.
 */
export const bundler = ({ id, title, quick = false, make, clientOnly, policy }) => ({
  id: `bundler-${id}`,
  title,
  quick,
  async run(context) {
    const t = { ...context, id: `bundler-${id}` };
    const folder = project(t);
    const { version, page = "page.html", root = folder } = await make(t, folder);
    const results = [];
    if (clientOnly) {
      const text = scripts(await clientOnly(t, folder));
      results.push(t.check("package", "a page with the client by both of its entries has its module once, and nothing of the emulator", () => {
        if (inlinedModules(text) !== 1) throw new t.Failure(`it has ${inlinedModules(text)} modules`);
        if (/ClaivEmulator/.test(text)) throw new t.Failure("it has the emulator in it");
      }));
    }
    const browser = await chromium(t);
    const pages = await site(t, root, { policy });
    return { version, results: [...(await visit(t, browser, pages, page)), ...results] };
  },
});

/** The version of a package in a node_modules. */
export const versionOf = (modules, name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

export { build, chromium, site };
