// claiv-memory/v6: an entry without a module of its own. Each of its files imports the client's of the same form, and its declarations are
// the client's with V6's under the plain names.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { ENTRIES, OVER_CLIENT, loadersOf } from "./entries.mjs";
import { at, root } from "./project.mjs";

const CLIENT = ENTRIES.find(({ entry }) => entry === "client");

/** As in the client's files: an uncaught error shows the line of its source. */
const LINE = 200;

/** Types that have V1's shape in the client's declarations, and V6's here. */
const TYPES = ["IngestRequest", "RecallRequest", "RecallResponse", "ContextPack", "ForgetRequest"];
/** Methods likewise, and `feedback`, which V1 has none of. */
const METHODS = ["ingest", "ingestMany", "recall", "forget", "feedback"];

/** Imports of "claiv:client" are those of the client's file beside this one. */
const neighbour = (suffix) => ({
  name: "the-clients-file",
  setup: ({ onResolve }) => onResolve({ filter: /^claiv:client$/ }, () => ({ path: `./${CLIENT.file}${suffix}`, external: true })),
});

/** Writes the entry's files into the folder that has the client's. */
export async function buildV6(dist) {
  const { entry, file } = OVER_CLIENT;
  await Promise.all(loadersOf(CLIENT).map(({ suffix, format, minify }) => build({
    absWorkingDir: root,
    entryPoints: [at("pkg-template", entry, "index.js")],
    outfile: dist(file + suffix),
    bundle: true,
    format,
    minify,
    ...(minify && { lineLimit: LINE }),
    // "node" makes esbuild list the exports where Node's require-to-import bridge looks for them.
    platform: format === "cjs" ? "node" : "neutral",
    target: "es2020",
    banner: { js: suffix === ".js" ? `/* @ts-self-types="./${file}.d.ts" */` : format === "cjs" ? '"use strict";' : "" },
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    plugins: [neighbour(suffix)],
  })));
  const client = readFileSync(dist(`${CLIENT.file}.d.ts`), "utf8");
  const own = readFileSync(at("pkg-template", entry, "index.d.ts"), "utf8");
  for (const [suffix, from] of [[".d.ts", ".js"], [".d.cts", ".cjs"]]) {
    writeFileSync(dist(file + suffix), declarations(client, own, `./${CLIENT.file}${from}`));
  }
}

const DOC = String.raw`(?:[ \t]*\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?`;
const CLASS = new RegExp(`${DOC}export (?:class|interface) ClaivClient \\{\\n[\\s\\S]*?^\\}\\n`, "gm");
const MEMBER = (name) => new RegExp(`${DOC}^ {4}${name}\\(.*;\\n`, "m");

/** The declarations of this entry out of the client's. */
function declarations(client, own, from) {
  const blocks = client.match(CLASS).map((text) => (text.includes("export class") ? ofClass(text) : text)).map(renamed);
  const text = [...blocks, own].join("\n");
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const exported = new Set([...client.matchAll(/^export (?:class|interface|type) (\w+)/gm)].map(([, name]) => name));
  const used = [...exported].filter((name) => name !== "ClaivClient" && !own.includes(`export class ${name} `) && new RegExp(`\\b${name}\\b`).test(code));
  return [
    `import type {\n${used.map((name) => `  ${ofV6(name)},\n`).join("")}} from "${from}";`,
    `import { ClaivApiError as ApiError, ClaivNetworkError as NetworkError, ClaivTimeoutError as TimeoutError } from "${from}";`,
    `export * from "${from}";`,
    `export type { ${TYPES.map((name) => `V6${name} as ${name}`).join(", ")} } from "${from}";`,
    "",
    text,
  ].join("\n");
}

const ofV6 = (name) => (TYPES.includes(name) ? `V6${name} as ${name}` : name);

/** The class with V6's methods in the place of V1's, and its own words. */
function ofClass(text) {
  const members = METHODS.map((name) => MEMBER(`${name}V6`).exec(text)[0].replaceAll(`${name}V6(`, `${name}(`));
  const rest = METHODS.reduce((left, name) => left.replace(MEMBER(name), ""), text);
  const example = "ingest({ user_id: \"user-123\", type: \"message\",";
  return rest.replace(example, example.replace(" type", " conversation_id: \"chat-1\", type")).replace(/^\}\n$/m, `${members.join("")}}\n`);
}

/** V6's types by their plain names, V1's by theirs. */
const renamed = (text) => TYPES.reduce((left, name) => left.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `V1${name}`).replaceAll(`V6${name}`, name), text);
