// The endpoints as src/api has them, read from the source: rustfmt keeps it in one form, and what is not found there is an error.
import { readFileSync, readdirSync } from "node:fs";

const source = (path) => readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
const found = (what, value) => {
  if (value === undefined || value === null) throw new Error(`src has no ${what}`);
  return value;
};

const NAMES = Object.fromEntries([...source("host/names.rs").matchAll(/^ {4}(\w+) = "([^"]+)",$/gm)].map(([, name, text]) => [name, text]));
const nameOf = (name) => found(`Name::${name}`, NAMES[name]);
const namesIn = (text) => [...text.matchAll(/Name::(\w+)/g)].map(([, name]) => nameOf(name));
const SETS = Object.fromEntries(
  [...source("rules/kind.rs").matchAll(/const (\w+): &\[Name\] =\s*&\[([^\]]*)\]/g)].map(([, name, members]) => [name, namesIn(members)]),
);

/** Every `const` and `static` of the API's files, by file and name: `v1::FORGET`. */
const items = {};
const files = readdirSync(new URL("../../src/api/", import.meta.url)).filter((name) => name.endsWith(".rs"));
for (const file of files) {
  const family = file.replace(".rs", "");
  const text = source(`api/${file}`).replace(/^\s*\/\/.*\n/gm, "");
  for (const [, name, value] of text.matchAll(/^(?:pub\(super\) )?(?:const|static) (\w+): [^=]+=\s*([\s\S]*?);$/gm)) items[`${family}::${name}`] = value;
  for (const [, from, name] of text.matchAll(/^use super::(\w+)::(\w+);$/gm)) items[`${family}::${name}`] = { from: `${from}::${name}` };
}

/** The text of an item, and the family in which its own names are to be looked up. */
function item(family, name) {
  const value = found(`${family}::${name}`, items[`${family}::${name}`]);
  return value.from ? item(...value.from.split("::")) : [family, value];
}

/** The fields of a list that is written out, or of the constant that it names. */
function fieldsOf(family, text) {
  const constant = /^\s*([A-Z_]+)\s*$/.exec(text)?.[1];
  if (constant) return fieldsOf(...item(family, constant));
  return [...text.matchAll(/Field::(\w+)\(\s*Name::(\w+),\s*Kind::(\w+)(?:\(([^)]*)\))?,?\s*\)(?:\.default\("([^"]*)"\))?/g)].map(
    ([, presence, name, kind, of, value]) => ({
      name: nameOf(name),
      presence,
      kind,
      words: kind === "OneOf" ? found(of, SETS[of.replace("sets::", "")]) : [],
      group: kind === "Group" ? fieldsOf(family, of) : [],
      value,
    }),
  );
}

/** A positional argument that goes into the query. */
function queryArg(family, name) {
  const [, text] = item(family, name);
  const [, field, kind] = /field: Name::(\w+), kind: Kind::(\w+)/.exec(text);
  const value = /default: Some\("([^"]*)"\)/.exec(text)?.[1];
  const words = kind === "OneOf" ? SETS[/sets::(\w+)/.exec(text)[1]] : [];
  return { name: nameOf(field), presence: value === undefined ? "required" : "optional", kind, words, group: [], value };
}

function endpoint(family, name) {
  const [home, text] = item(family, name);
  const [, verb, path] = /^Endpoint::(\w+)\(\s*"([^"]+)"/.exec(text);
  // The list itself, or the name of one, as the last argument of `post` or the only one of `query`.
  const fields = /Endpoint::post\([^,]+,\s*Replay::\w+(?:\([^)]*\))?,\s*(&\[[\s\S]*?\n {4}\]|&\[.*?\]|[A-Z_]+),?\s*\)/.exec(text)?.[1]
    ?? /\.query\((&\[[\s\S]*?\])\)/.exec(text)?.[1] ?? "";
  const [, replay, by] = /Replay::(\w+)(?:\(Name::(\w+)\))?/.exec(text) ?? [];
  const arg = /\.query_arg\((\w+)\)/.exec(text)?.[1];
  return {
    method: verb.toUpperCase(),
    path,
    fields: [...fieldsOf(home, fields), ...(arg ? [queryArg(home, arg)] : [])],
    isOpen: text.includes(".without_key()"),
    /** GETs and DELETEs say nothing: `Endpoint::get` and `Endpoint::delete` do. */
    replay: replay ?? (verb === "get" ? "Safe" : "Never"),
    by: by && nameOf(by),
  };
}

/** Every method that is one endpoint, by its name in JavaScript. */
export const ENDPOINTS = Object.fromEntries(
  files.flatMap((file) =>
    [...source(`api/${file}`).matchAll(/#\[wasm_bindgen\(([^\]]*)\)\]\s*pub fn (\w+)\([\s\S]*?\n {4}\}/g)].flatMap(([body, attributes, name]) => {
      const called = /self\.call(?:_with)?\(&(\w+)/.exec(body)?.[1];
      return called ? [[/js_name = (\w+)/.exec(attributes)?.[1] ?? name, endpoint(file.replace(".rs", ""), called)]] : [];
    }),
  ),
);

/** The statuses of the retry policy. */
export const RETRIED = /const RETRIED: \[u16; \d+\] = \[([\d, ]+)\]/.exec(source("retry/policy.rs"))[1].split(", ").map(Number);

// Aliases made in JavaScript, so that V1 has the same names in both entries.
for (const [, name] of source("api/v1.d.ts").matchAll(/^ {2}(\w+)V1\(/gm)) if (ENDPOINTS[name]) ENDPOINTS[`${name}V1`] = ENDPOINTS[name];
