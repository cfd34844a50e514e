// The tables of docs/api-contract.md: the methods, their fields and what each field may hold.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/api-contract.md", import.meta.url), "utf8");

/** The rows of the table under a heading, as cells without backticks around a whole cell. */
function rowsOf(heading) {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  if (rows.length < 3) throw new Error(`docs/api-contract.md has no table under "${heading}"`);
  return rows.slice(1).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const words = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
const list = (cell) => cell.split(", ").filter((name) => name !== "");

function methodOf([method, wire, required, optional, twice, since]) {
  const [verb, path] = words(wire)[0].split(" ");
  const fields = list(optional).map((field) => /^(\w+)(\?)?(?:=(.+))?$/.exec(field));
  const named = (pick) => fields.filter(pick).map(([, name]) => name);
  return [words(method)[0], {
    method: verb,
    path,
    /** The names of the ids in the path. */
    ids: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    required: list(required),
    optional: named(() => true),
    nullable: named(([, , mark]) => mark),
    defaults: Object.fromEntries(fields.filter(([, , , value]) => value).map(([, name, , value]) => [name, value])),
    /** What the same request does a second time: "same", "same by" a field, or "other". */
    twice: twice.replaceAll("`", ""),
    since,
  }];
}

/** What each method sends, by its name here. */
export const CONTRACT = Object.fromEntries(rowsOf("Methods").map(methodOf));

const VALUES = new Map(rowsOf("Values of the fields").flatMap(([fields, value]) => {
  const [names, methods] = fields.split(" of ").map(words);
  return names.flatMap((name) => (methods ?? [""]).map((method) => [`${method} ${name}`, value]));
}));

/** What a field of a method may hold, in the words of the page. */
export function valueOf(method, field) {
  const value = VALUES.get(`${method} ${field}`) ?? VALUES.get(` ${field}`);
  if (value === undefined) throw new Error(`docs/api-contract.md does not say what ${field} of ${method} may hold`);
  return value;
}

/** The words of a value that is "one of" some; none for any other. */
export const wordsOf = (value) => (value.startsWith("one of ") ? words(value) : []);

/** The statuses that are retried. */
export const RETRIED = /^- Retried statuses: ([\d, ]+)\.$/m.exec(text)[1].split(", ").map(Number);
