// The inspector's page: pkg-template/inspector/ in a few files without dependencies. Once as claiv-emulator serves it (served.html), once with
// an emulator in the page (index.html), for any static host.
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { licencesOf } from "./adapters.mjs";
import { at, root } from "./project.mjs";

const SOURCE = "pkg-template/inspector";

/** What a page that is served by any host says of itself, since nobody sends headers with it. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** Writes it to `to`; `emulator` is where the page finds the emulator's module. */
export async function buildInspector(to, { emulator = "../dist/emulator.js" } = {}) {
  mkdirSync(to, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["served.js", "in-page.js", "theme.js"].map((name) => at(SOURCE, name)),
    outdir: to,
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    // The package's own "sideEffects": false would drop `import "./language.js"`.
    ignoreAnnotations: true,
    legalComments: "none",
    logLevel: "warning",
    plugins: [{
      name: "the-emulator-as-a-file",
      setup: (one) => one.onResolve({ filter: /^claiv-memory\/emulator$/ }, () => ({ path: emulator, external: true })),
    }],
  });
  const licences = licencesOf(Object.keys(metafile.inputs));
  for (const name of ["served.js", "in-page.js"]) appendFileSync(join(to, name), licences);
  const uplot = readFileSync(at("node_modules/uplot/dist/uPlot.min.css"), "utf8");
  writeFileSync(join(to, "inspector.css"), `${uplot}\n${readFileSync(at(SOURCE, "inspector.css"), "utf8")}`);
  cpSync(at(SOURCE, "icon.svg"), join(to, "icon.svg"));
  const page = readFileSync(at(SOURCE, "index.html"), "utf8");
  writeFileSync(join(to, "served.html"), page);
  const own = page.replace('src="inspector.js"', 'src="in-page.js"').replace("<title>", `<meta http-equiv="content-security-policy" content="${POLICY}">\n    <title>`);
  writeFileSync(join(to, "index.html"), own);
}
