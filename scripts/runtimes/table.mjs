// The table runtime × case group, on the terminal and as docs/runtimes.md.
import { writeFileSync } from "node:fs";
import { at, version } from "../lib/project.mjs";
import { GROUPS } from "../../tests/runtimes/conformance/index.mjs";

/** Case groups in the suite's order, then what drivers add of their own. */
function columns(rows) {
  const found = new Set(rows.flatMap(({ results }) => results.map(({ group }) => group)));
  return [...GROUPS, ...[...found].filter((name) => !GROUPS.includes(name))].filter((name) => found.has(name));
}

function cell(results, group) {
  const mine = results.filter((one) => one.group === group);
  const count = (outcome) => mine.filter((one) => one.outcome === outcome).length;
  if (mine.length === 0) return "";
  if (count("failed") > 0) return `${count("failed")} FAILED`;
  if (count("passed") === 0) return "not run";
  return count("not-run") > 0 ? `${count("passed")}+${count("not-run")}n` : String(count("passed"));
}

export function printTable(rows) {
  const groups = columns(rows);
  const width = Math.max(...rows.map(({ title }) => title.length));
  const versions = Math.max(...rows.map(({ version }) => version.length), 7);
  console.log(`\n${"".padEnd(width)}  ${"version".padEnd(versions)}  ${groups.join("  ")}`);
  for (const { title, version, results, reason } of rows) {
    const cells = groups.map((group) => cell(results, group).padStart(group.length)).join("  ");
    console.log(`${title.padEnd(width)}  ${version.padEnd(versions)}  ${reason ? `not run: ${reason}` : cells}`);
  }
  console.log("\n12: cases passed; 10+2n: and 2 that were not run, for these reasons:");
  for (const { titles, reason, names } of reasons(rows)) console.log(`  ${reason}: ${names.length} cases in ${titles.join(", ")}`);
}

/** Why cases were not run: each reason once, with the cases and the rows it holds for. */
function reasons(rows) {
  const all = new Map();
  for (const { title, results } of rows) {
    for (const { group, name, outcome, reason } of results) {
      if (outcome !== "not-run") continue;
      const one = all.get(reason) ?? { reason, titles: new Set(), names: new Set() };
      one.titles.add(title);
      one.names.add(`${group}: ${name}`);
      all.set(reason, one);
    }
  }
  return [...all.values()].map(({ reason, titles, names }) => ({ reason, titles: [...titles], names: [...names] }));
}

const INTRO = `# Where claiv-memory runs

Written by \`make test-runtimes\`, which installs each of these, installs the packed package beside it as a user would, and runs the
same conformance suite (\`tests/runtimes/conformance\`) in it: every method, every error class, retries,
timeouts, aborts, idempotency, \`using\`, the emulator in process and over HTTP, text of every kind, 5 MB of content, 200 concurrent
calls, a custom fetch, hooks, and the key's absence from whatever is printed. Browsers run it under the Content Security Policy
\`script-src 'self' 'wasm-unsafe-eval'\`, Deno with no permission but \`--allow-net=127.0.0.1\`, the edge runtime without code generation.`;

const NOTES = `## Worth knowing

- **Deno** sends a request again by itself, a POST too, if the connection closes before the first byte of an answer. The idempotency key
  that the client gives every ingest makes that harmless.
- **WebKit** has no \`Symbol.dispose\` and no \`using\`; call \`close()\`.
- **Rollup** finds packages by their name only with \`@rollup/plugin-node-resolve\`. All other bundlers need no plugin.
- **Jest's jsdom** has no \`fetch\`, \`Request\` or \`Response\`. The package loads there; for calls, give the client a \`fetch\` or the environment Node's.
- **Next.js** loads every route when it builds: make the client in the handler, or the build needs the key. With \`"type": "module"\` in
  package.json, \`next build --webpack\` of 16.4.6 fails for every edge route, with or without this package.
- **Cloudflare Workers**: a client may be kept for all requests of an isolate. In the rows "under 1,000 requests" every third visitor leaves in
  the middle of a call, and every tenth request meets a 503.`;

export function writePage(rows) {
  const suite = columns(rows).filter((group) => GROUPS.includes(group));
  const more = columns(rows).filter((group) => !GROUPS.includes(group));
  const has = (groups) => ({ results }) => results.some(({ group }) => groups.includes(group));
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  const table = (head, lines) => [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const ran = rows.filter(({ reason }) => !reason);
  const not = rows.filter(({ reason }) => reason);
  const parts = [
    INTRO,
    `Last full run: ${new Date().toISOString().slice(0, 10)}, version ${version()}: ${ran.length} rows, ${sum("passed")} cases passed, ${sum("failed")} failed, ${sum("notRun")} not run.`,
    "`12` means twelve cases passed. `10+2n`: ten passed, and two were not run: they are listed below, with the reason, and count for nothing.",
    table(["Runtime", "Version", ...suite, "Passed", "Seconds"], ran.filter(has(suite)).map(({ title, version, results, passed, seconds }) =>
      [title, version, ...suite.map((group) => cell(results, group) || "–"), passed, Math.round(seconds)])),
    `What there is besides the suite: the storm on Workers, what is in the bundles, the README's programs, the types, the Rust tests and the examples.`,
    table(["Where", "Version", ...more], ran.filter(has(more)).map(({ title, version, results }) => [title, version, ...more.map((group) => cell(results, group) || "–")])),
    NOTES,
    not.length > 0 && `## Rows that were not run\n\n${table(["Runtime", "Reason"], not.map(({ title, reason }) => [title, reason]))}`,
    `## Cases that were not run\n\n${table(["Reason", "Cases", "Where"], reasons(rows).map(({ reason, names, titles }) => [reason, names.join("<br>"), titles.join(", ")]))}`,
  ];
  writeFileSync(at("docs/runtimes.md"), `${parts.filter(Boolean).join("\n\n")}\n`);
  console.log("\ndocs/runtimes.md is written");
}
