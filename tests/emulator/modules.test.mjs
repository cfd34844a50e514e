// No two modules of the emulator's crate use each other, directly or by way of others, so each can be read and changed by itself.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("../../emulator/src", import.meta.url));

/** The code of each module without its tests and comments, by its path: `""` for the root of the crate, `"api::v6"` for `api/v6/mod.rs`. */
function modules() {
  const files = readdirSync(SOURCES, { recursive: true }).filter((file) => /\.rs$/.test(file) && !/(^|\/)(tests|testing)(\.rs$|\/)/.test(file.replaceAll(sep, "/")));
  return new Map(files.map((file) => {
    const path = file.replaceAll(sep, "/").replace(/(^|\/)(lib|mod)?\.rs$/, "").replace(/\.rs$/, "");
    const code = readFileSync(join(SOURCES, file), "utf8").replace(/\/\/.*$/gm, "").replace(/^#\[cfg\(test\)\]\nmod tests \{[^]*$/m, "");
    return [path.replaceAll("/", "::"), code];
  }));
}

/** The paths of a `use` declaration, its braces multiplied out: `a::{b, c::d}` is `a::b` and `a::c::d`. */
function expand(tree) {
  const open = tree.indexOf("{");
  if (open < 0) return [tree.replace(/\s+as\s+\w+$/, "").trim()];
  const prefix = tree.slice(0, open);
  const parts = [];
  let [depth, from] = [0, open + 1];
  for (let at = open; at < tree.length; at++) {
    if (tree[at] === "{") depth++;
    else if (tree[at] === "}") depth--;
    if ((depth === 1 && tree[at] === ",") || (depth === 0 && tree[at] === "}")) {
      parts.push(tree.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) break;
  }
  return parts.filter((part) => part.trim() !== "").flatMap((part) => expand(prefix.trim() + part.trim()));
}

const declarations = (code) => [...code.matchAll(/^\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/gm)].map(([, isPublic, tree]) => ({ isPublic: isPublic !== undefined, paths: expand(tree.replace(/\s+/g, " ")) }));

/** Resolves a path to the module that defines what it names; follows `pub use`. Undefined for what is of another crate. */
function resolve(path, from, all) {
  const segments = path.split("::");
  let at = from === "" ? [] : from.split("::");
  if (segments[0] === "crate") {
    at = [];
    segments.shift();
  } else if (segments[0] === "self") {
    segments.shift();
  } else if (segments[0] === "super") {
    while (segments[0] === "super") {
      at.pop();
      segments.shift();
    }
  } else if (!all.has([...at, segments[0]].join("::"))) {
    return undefined;
  }
  while (segments.length > 0 && all.has([...at, segments[0]].join("::"))) at.push(segments.shift());
  const here = at.join("::");
  const exported = declarations(all.get(here)).filter(({ isPublic }) => isPublic).flatMap(({ paths }) => paths).find((one) => segments.length > 0 && one.endsWith(`::${segments[0]}`));
  return exported === undefined ? here : resolve(exported, here, all) ?? here;
}

/** The modules that each module uses. */
function graph(all) {
  const edges = new Map();
  for (const [path, code] of all) {
    const paths = declarations(code).filter(({ isPublic }) => !isPublic).flatMap((one) => one.paths);
    const inline = code.replace(/^\s*(?:pub(?:\([^)]*\))?\s+)?use\s+[^;]+;/gm, "").match(/\b(?:crate|super)(?:::\w+)+|\b[a-z_]\w*(?:::\w+)+/g) ?? [];
    const used = [...paths, ...inline].map((one) => resolve(one, path, all)).filter((one) => one !== undefined && one !== path && one !== "");
    edges.set(path, new Set(used));
  }
  return edges;
}

/** Modules that reach themselves, grouped by those that reach each other. */
function circles(edges) {
  const reach = (from) => {
    const seen = new Set();
    const queue = [...(edges.get(from) ?? [])];
    for (let next; (next = queue.pop()) !== undefined; ) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(edges.get(next) ?? []));
    }
    return seen;
  };
  const reached = new Map([...edges.keys()].map((path) => [path, reach(path)]));
  const groups = [...edges.keys()].map((path) => [...edges.keys()].filter((other) => reached.get(path).has(other) && reached.get(other).has(path)).sort().join(", "));
  return [...new Set(groups)].filter((group) => group !== "");
}

test("a circle is found, also through a re-export and through a path within a function", () => {
  const all = new Map([["", "mod a;\nmod b;"], ["a", "pub use inner::Thing;\nmod inner;"], ["a::inner", "use crate::b;\npub struct Thing;"], ["b", "fn f() { crate::a::Thing; }"]]);
  assert.deepEqual(circles(graph(all)), ["a::inner, b"]);
  assert.deepEqual(expand("a::{b, c::{d, e as f}}"), ["a::b", "a::c::d", "a::c::e"]);
});

test("the modules of the emulator have no circles", () => {
  const all = modules();
  assert.ok(all.size > 50, `${all.size} modules`);
  assert.ok(graph(all).get("router").has("api"));
  assert.deepEqual(circles(graph(all)), []);
});
