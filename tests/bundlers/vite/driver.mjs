// Vite without a configuration file: what it builds, and what it serves while one develops.
import { writeFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundler, chromium, project, site, versionOf } from "../support/rows.mjs";

async function vite(t) {
  const modules = await t.tools("tests/bundlers/vite");
  return { node: await t.node(24), script: join(modules, "vite/bin/vite.js"), version: versionOf(modules, "vite") };
}

export const rows = [
  bundler({
    id: "vite-build",
    title: "Vite, build",
    quick: true,
    async make(t, folder) {
      const { node, script, version } = await vite(t);
      await t.capture(node, [script, "build"], { cwd: folder, what: "vite build" });
      return { version, root: join(folder, "dist"), page: "index.html" };
    },
    async clientOnly(t, folder) {
      const { node, script } = await vite(t);
      writeFileSync(join(folder, "index.html"), readFileSync(join(folder, "client-only.html")));
      await t.capture(node, [script, "build", "--outDir", "dist-client"], { cwd: folder, what: "vite build" });
      return join(folder, "dist-client");
    },
  }),
  {
    id: "bundler-vite-dev",
    title: "Vite, development server",
    async run(context) {
      const t = { ...context, id: "bundler-vite-dev" };
      const folder = project(t);
      const { node, script, version } = await vite(t);
      const server = await t.serve(node, [script, "--host", "127.0.0.1", "--port", "0"], { cwd: folder, ready: /Local:\s+(http:\S+)/, what: "vite" });
      t.after(server.stop);
      const { url, report } = await site(t, folder);
      const browser = await chromium(t);
      await browser.open(`${server.match[1]}?to=${encodeURIComponent(url)}`);
      const { results, error } = await report;
      if (error) throw new t.Failure(`the page said: ${error}`);
      return { version, results };
    },
  },
];
