// What the service's own TypeScript client publishes (tests/types/service-client.d.ts) beside what claiv-memory/v6 declares, in both directions: nothing of
// theirs is missing or has another shape, and what is ours alone is what docs/coming-from-the-official-client.md lists.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import ts from "typescript";
import * as v6 from "claiv-memory/v6";
import { CONTRACT } from "../support/contract.mjs";
import { makeFolder, repository } from "./project.mjs";

const PAGE = "docs/coming-from-the-official-client.md";
const installed = dirname(createRequire(import.meta.url).resolve("claiv-memory/package.json"));
const page = readFileSync(join(installed, PAGE), "utf8");

/** Names in backticks of the row of a table that begins with `title`. */
function listed(title) {
  const row = page.split("\n").find((line) => line.startsWith(`| ${title} |`));
  assert.ok(row, `${PAGE} has no row ${title}`);
  return [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort();
}

const files = { theirs: join(repository, "tests/types/service-client.d.ts"), ours: join(installed, "dist/v6.d.ts") };
const program = ts.createProgram(Object.values(files), {
  strict: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: [],
});
const checker = program.getTypeChecker();

/** The exports of a side: Map of name to symbol. */
function exportsOf(side) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(files[side]));
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]));
}
const theirs = exportsOf("theirs");
const ours = exportsOf("ours");

const isClass = (symbol) => (symbol.flags & ts.SymbolFlags.Class) !== 0;
const names = (side, wanted) => [...side].filter(([, symbol]) => wanted(symbol)).map(([name]) => name);
/** The members of a class or interface, but those under symbols. */
const members = (side, name) => checker.getDeclaredTypeOfSymbol(side.get(name)).getProperties().map((one) => one.name).filter((one) => !one.startsWith("__@"));
const added = (one, other) => one.filter((name) => !other.includes(name)).sort();

for (const [what, wanted] of [["class", isClass], ["type", (symbol) => !isClass(symbol)]]) {
  test(`every ${what} that they publish is there under its name`, () => {
    const published = names(theirs, wanted);
    assert.ok(published.length >= 5);
    assert.deepEqual(added(published, names(ours, wanted)), []);
  });
}

test("every error class that is declared is exported", () => {
  for (const name of names(ours, isClass)) assert.equal(typeof v6[name], "function", name);
});

test("what is ours alone is what the page lists: types, error classes, methods, options, error fields", () => {
  const alone = (wanted) => added(names(ours, wanted), names(theirs, wanted));
  assert.deepEqual(listed("Types"), alone((symbol) => !isClass(symbol)));
  assert.deepEqual(listed("Error classes"), alone(isClass));
  // An endpoint that no published package has yet need not be listed: the page leads to docs/methods.md for those.
  const newer = Object.keys(CONTRACT).filter((method) => CONTRACT[method].since === "–");
  assert.deepEqual([...new Set([...listed("Methods"), ...newer])].sort(), added(members(ours, "ClaivClient"), members(theirs, "ClaivClient")));
  assert.deepEqual(listed("Options"), added(members(ours, "ClaivClientOptions"), members(theirs, "ClaivClientOptions")));
  const fields = names(theirs, isClass).filter((name) => name.endsWith("Error")).flatMap((name) => added(members(ours, name), members(theirs, name)));
  assert.deepEqual(listed("Error fields"), [...new Set(fields)].sort());
});

for (const name of ["ClaivClient", "ClaivClientOptions", "ClaivError", "ClaivApiError", "ClaivTimeoutError", "ClaivNetworkError"]) {
  test(`${name}: no member of theirs is missing`, () => {
    assert.ok(members(theirs, name).length > 0);
    assert.deepEqual(added(members(theirs, name), members(ours, name)), []);
  });
}

test("the declared methods are those of the class", () => {
  const declared = members(ours, "ClaivClient").filter((name) => name !== "baseUrl").sort();
  const made = [];
  for (let one = v6.ClaivClient.prototype; one !== Object.prototype; one = Object.getPrototypeOf(one)) made.push(...Object.getOwnPropertyNames(one));
  assert.deepEqual([...new Set(made)].filter((name) => name !== "constructor").sort(), declared);
});

test("types go each way: what is written for theirs goes into ours, and our answers are theirs", async () => {
  const isRequest = (name) => /Request|Options$/.test(name) && !/Response/.test(name);
  // Generic over nothing: each is a plain name.
  const types = names(theirs, (symbol) => !isClass(symbol));
  const lines = types.map((name) => (isRequest(name) ? `holds<Fits<theirs.${name}, ours.${name}>>();` : `holds<Fits<ours.${name}, theirs.${name}>>();`));
  const both = types.filter((name) => !isRequest(name) && !["ApiErrorBody", "UsageSummaryResponse", "UsageBreakdownResponse"].includes(name));
  const text = `import type * as theirs from "service-client";
import type * as ours from "claiv-memory/v6";
type Fits<A, B> = [A] extends [B] ? true : false;
const holds = <_T extends true>(): void => {};
${lines.join("\n")}
${both.map((name) => `holds<Fits<theirs.${name}, ours.${name}>>();`).join("\n")}
holds<Fits<theirs.ApiErrorBody, ours.ApiErrorBody>>();
holds<Fits<ours.ClaivClient, theirs.ClaivClient>>();
holds<Fits<typeof ours.ClaivClient, new (options: theirs.ClaivClientOptions) => theirs.ClaivClient>>();
holds<Fits<typeof ours.ClaivError, new (message: string) => theirs.ClaivError>>();
holds<Fits<typeof ours.ClaivApiError, new (status: number, body: theirs.ApiErrorBody) => theirs.ClaivApiError>>();
holds<Fits<typeof ours.ClaivTimeoutError, new (timeoutMs: number) => theirs.ClaivTimeoutError>>();
holds<Fits<typeof ours.ClaivNetworkError, new (cause: Error) => theirs.ClaivNetworkError>>();
// What V6 alone knows would not fit V1's shape.
holds<Fits<ours.IngestRequest, ours.V6IngestRequest>>();
holds<Fits<ours.V6IngestRequest, ours.IngestRequest>>();
// @ts-expect-error V1's recall asks for a task
holds<Fits<ours.RecallRequest, ours.V1RecallRequest>>();
`;
  const folder = makeFolder("compare", { "compare.ts": text }, { "service-client": ["./service-client.d.ts"] });
  const tsc = join(repository, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "-p", "."], { cwd: folder }).catch(({ stdout }) => assert.fail(stdout));
});
