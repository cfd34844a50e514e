// The files of .changeset/: one for each change that users notice. The form is that of the tool @changesets/cli:
//   ---
//   "claiv-memory": minor
//   ---
//   Added: what a user can do now.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure, at } from "../lib/project.mjs";
import { KINDS } from "./changelog.mjs";

export const FOLDER = ".changeset";
export const BUMPS = ["patch", "minor", "major"];

const FORM = /^---\n"claiv-memory": (?<bump>\w+)\n---\n+(?<kind>\w+): (?<text>[^]+)$/;

/** One file's content: { bump, kind, text }. */
export function parse(name, content) {
  const found = FORM.exec(content.replaceAll("\r\n", "\n"))?.groups;
  if (!found) throw new Failure(`${name} is no changeset; ${FOLDER}/README.md shows the form`);
  if (!BUMPS.includes(found.bump)) throw new Failure(`${name}: "${found.bump}" is none of ${BUMPS.join(", ")}`);
  if (!KINDS.includes(found.kind)) throw new Failure(`${name}: "${found.kind}" is none of ${KINDS.join(", ")}`);
  return { bump: found.bump, kind: found.kind, text: found.text.trim() };
}

/** All changesets that are not released yet, in the order of their names: { file, bump, kind, text }. */
export function pending(folder = at(FOLDER)) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md").sort()
    .map((name) => ({ file: join(folder, name), ...parse(`${FOLDER}/${name}`, readFileSync(join(folder, name), "utf8")) }));
}

/** The version that follows `current`, by the largest bump. */
export function next(current, bumps) {
  const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(current)?.slice(1).map(Number);
  if (!numbers) throw new Failure(`${current} is no version of three numbers`);
  const [major, minor, patch] = numbers;
  if (bumps.includes("major")) return `${major + 1}.0.0`;
  if (bumps.includes("minor")) return `${major}.${minor + 1}.0`;
  return `${major}.${minor}.${patch + 1}`;
}
