// The declarations as text: what the compiler does not look at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import test from "node:test";
import * as client from "claiv-memory";
import * as emulator from "claiv-memory/emulator";
import * as v6 from "claiv-memory/v6";

const folder = join(dirname(createRequire(import.meta.url).resolve("claiv-memory/package.json")), "dist");
const FILES = { "index.d.ts": client, "index.d.cts": client, "v6.d.ts": v6, "v6.d.cts": v6, "emulator.d.ts": emulator, "emulator.d.cts": emulator };

const read = (file) => readFileSync(join(folder, file), "utf8");
/** The text without its comments; strings and comments are told apart. */
const code = (text) => text.replace(/("(?:[^"\\\n]|\\.)*")|\/\*[\s\S]*?\*\/|\/\/.*/g, (_, string) => string ?? "");

for (const [file, exports] of Object.entries(FILES)) {
  test(`${file} has no any`, () => {
    const lines = code(read(file)).split("\n");
    assert.ok(lines.length > 50);
    assert.deepEqual(lines.filter((line) => /\bany\b/.test(line)), []);
  });

  test(`${file} declares every export as a value, and no value that is not exported`, () => {
    const declared = [...code(read(file)).matchAll(/^export (?:declare )?(?:abstract )?(?:class|const|function|let|var|enum) (\w+)/gm)].map(([, name]) => name);
    // What it takes over from the main entry is declared there.
    const all = code(read(file)).includes("export * from") ? Object.keys(client).filter((name) => exports[name] === client[name]) : [];
    assert.deepEqual([...new Set([...declared, ...all])].sort(), Object.keys(exports).sort());
  });

  test(`${file} documents every exported name and every method`, () => {
    const lines = read(file).split("\n");
    const bare = lines.filter((line, i) => {
      const named = /^export (?:declare )?(?:class|interface|type|function) \w+/.test(line) || /^ {2,4}(?:readonly )?\w+\??\(.*\): .*;$/.test(line);
      // An interface that only adds to a class of the same name is documented there.
      const added = /^export interface (\w+) /.exec(line)?.[1];
      const constructor = /^\s+constructor\(/.test(line);
      if (!named || constructor || (added && lines.some((other) => other.startsWith(`export class ${added} `)))) return false;
      return !lines[i - 1].trim().endsWith("*/");
    });
    assert.deepEqual(bare, []);
  });
}

test("nothing of the machinery is declared", () => {
  const text = code(read("index.d.ts"));
  for (const word of ["free()", "__wbg", "ptr", "InitOutput", "WebAssembly", "wasm"]) assert.ok(!text.includes(word), word);
});

test("the tables of docs/methods.md name every method of an endpoint, and each with its wire form as the declarations have it", () => {
  const page = readFileSync(join(folder, "../docs/methods.md"), "utf8");
  const rows = page.split("\n").filter((line) => /^\| `\w+\(/.test(line));
  const named = rows.flatMap((row) => [...row.split("|")[1].matchAll(/`(\w+)\(/g)].map(([, name]) => name));
  const text = read("index.d.ts").slice(read("index.d.ts").indexOf("export class ClaivClient"));
  const declared = [...text.slice(0, text.indexOf("\n}")).matchAll(/^ {4}(\w+)\(.*\): Promise</gm)].map(([, name]) => name);
  assert.ok(declared.length > 30);
  assert.deepEqual(named.sort(), declared.sort());
  for (const row of rows) {
    const [, methods, wire] = row.split("|");
    const name = /`(\w+)\(/.exec(methods)[1];
    if (name.startsWith("ingestMany") || !/`[A-Z]+ \//.test(wire)) continue;
    const before = text.slice(0, new RegExp(`^ {4}${name}\\(`, "m").exec(text).index);
    assert.ok(before.slice(before.lastIndexOf("/**")).includes(/`[A-Z]+ \/[^`]*`/.exec(wire)[0]), name);
  }
});
