#!/usr/bin/env node
// Writes the report of the public surface in docs/api/ from the built package, or compares it.
//   node scripts/release/api-report.mjs --write            writes it
//   node scripts/release/api-report.mjs [--base=commit]    fails where the report is not what pkg/ has; with --base also where it
//                                                          differs from that commit's and no changeset says so
//   --package=folder --reports=folder                      other folders, for tests
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, at, main, root } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";
import { reports } from "./api-surface.mjs";
import { FOLDER, parse } from "./changesets.mjs";

const REPORTS = "docs/api";

function stale(made, folder) {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".md")) : [];
  return [
    ...there.filter((name) => !made.has(name)).map((name) => `${name} is of an entry that is gone`),
    ...[...made].filter(([name, text]) => !there.includes(name) || readFileSync(join(folder, name), "utf8") !== text).map(([name]) => `${name} is not what the package has`),
  ];
}

function write(made, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith(".md") && !made.has(name)) rmSync(join(folder, name));
  for (const [name, text] of made) writeFileSync(join(folder, name), text);
}

/** A changed report needs a changeset of `minor` or `major` beside it; a release commit has the changelog's section instead. */
async function announced(base, cwd) {
  const git = (...args) => capture("git", args, { cwd, what: `git ${args[0]}` });
  const since = (await git("merge-base", base, "HEAD")).trim();
  const changed = (await git("diff", "--name-only", "--diff-filter=d", since, "HEAD")).split("\n");
  const before = await git("ls-tree", "-r", "--name-only", since, "--", REPORTS);
  const differs = (await git("diff", "--name-only", since, "HEAD", "--", REPORTS)).trim();
  // The commit that brings the first report changes nothing.
  if (before.trim() === "" || differs === "") return "the public surface is as it was";
  const texts = changed.filter((file) => file.startsWith(`${FOLDER}/`) && file.endsWith(".md") && file !== `${FOLDER}/README.md`)
    .map((file) => parse(file, readFileSync(join(cwd, file), "utf8")));
  if (texts.some(({ bump }) => bump !== "patch")) return "the public surface changed, and a changeset says so";
  if (changed.includes("CHANGELOG.md")) return "the public surface changed, and the changelog says so";
  throw new Failure(`the public surface changed since ${since.slice(0, 12)} (${differs.replaceAll("\n", ", ")}): `
    + `add a changeset of at least minor, as ${FOLDER}/README.md shows`);
}

await main(async () => {
  const { values } = parseArgs({ options: {
    write: { type: "boolean" }, base: { type: "string" }, package: { type: "string", default: at("pkg") }, reports: { type: "string", default: at(REPORTS) }, root: { type: "string", default: root },
  } });
  if (!existsSync(join(values.package, "package.json"))) throw new Failure("there is no pkg/: run make build");
  const made = reports(values.package);
  if (values.write) {
    write(made, values.reports);
    console.log(`api-report: ${made.size} files in ${REPORTS}/`);
    return;
  }
  const problems = stale(made, values.reports);
  if (problems.length > 0) throw new Failure(`${REPORTS}/ is not up to date; run make api-report and commit it:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  console.log(`api-report: ${REPORTS}/ is what the package has`);
  if (values.base) console.log(`api-report: ${await announced(values.base, values.root)}`);
});
