// CHANGELOG.md: its sections, and how a release becomes one. The form is that of Keep a Changelog.
import { Failure } from "../lib/project.mjs";

/** The headings inside a section, in the order in which they stand. */
export const KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

const HEADING = /^## \[(?<name>[^\]]+)\](?: - (?<date>\d{4}-\d{2}-\d{2}))?[ \t]*$/gm;

/** Its sections from top to bottom: { name, date?, from, to, text }, where `from` and `to` are places in the whole text. */
export function sections(changelog) {
  const headings = [...changelog.matchAll(HEADING)];
  return headings.map((heading, i) => {
    const from = heading.index;
    const to = headings[i + 1]?.index ?? changelog.length;
    return { name: heading.groups.name, date: heading.groups.date, from, to, text: changelog.slice(from + heading[0].length, to).trim() };
  });
}

/** What the changelog says of a released version. */
export function sectionOf(changelog, version) {
  const found = sections(changelog).find(({ name }) => name === version);
  if (!found) throw new Failure(`CHANGELOG.md has no section [${version}]`);
  if (!found.date) throw new Failure(`the section [${version}] of CHANGELOG.md has no date`);
  if (found.text === "") throw new Failure(`the section [${version}] of CHANGELOG.md is empty`);
  return found.text;
}

/** A section's text by kind; text before the first heading is under "". */
function byKind(text) {
  const parts = text.split(/^### (.+)$/m);
  const kinds = new Map([["", parts[0].trim()]]);
  for (let i = 1; i < parts.length; i += 2) {
    const kind = parts[i].trim();
    if (!KINDS.includes(kind)) throw new Failure(`CHANGELOG.md: "### ${kind}" is none of ${KINDS.join(", ")}`);
    kinds.set(kind, [kinds.get(kind), parts[i + 1].trim()].filter(Boolean).join("\n"));
  }
  return kinds;
}

const item = (text) => `- ${text.trim().replace(/\n/g, "\n  ")}`;

/** The changelog after a release: what [Unreleased] holds and the changesets, put into a section of the version. */
export function released(changelog, version, date, changesets) {
  const unreleased = sections(changelog).find(({ name }) => name === "Unreleased");
  if (!unreleased) throw new Failure("CHANGELOG.md has no section [Unreleased]");
  if (sections(changelog).some(({ name }) => name === version)) throw new Failure(`CHANGELOG.md has a section [${version}] already`);
  const kinds = byKind(unreleased.text);
  for (const { kind, text } of changesets) kinds.set(kind, [kinds.get(kind), item(text)].filter(Boolean).join("\n"));
  const body = KINDS.filter((kind) => kinds.get(kind)).map((kind) => `### ${kind}\n\n${kinds.get(kind)}`);
  if (body.length === 0) throw new Failure("there is nothing to release: no changeset, and nothing under [Unreleased]");
  // The sentence that introduces [Unreleased] does not go into the section of a version.
  const section = `## [Unreleased]\n\n## [${version}] - ${date}\n\n${body.join("\n\n")}\n`;
  const rest = changelog.slice(unreleased.to);
  return changelog.slice(0, unreleased.from) + section + (rest ? `\n${rest}` : "");
}
