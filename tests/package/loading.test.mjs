// Loading where WebAssembly is missing or not allowed, and what an uncaught error shows of the package.
import assert from "node:assert/strict";
import test from "node:test";
import { ADAPTERS } from "../../scripts/lib/entries.mjs";
import { ENTRIES, files, inModule, inNode, read } from "./installed.mjs";

const MAKE = `
  try { new Public({ apiKey: "k" }); console.log(JSON.stringify("made")); }
  catch (error) { console.log(JSON.stringify({ isError: error instanceof Error, message: error.message, cause: error.cause && String(error.cause) })); }`;

const HOSTS = {
  "no WebAssembly": { before: "delete globalThis.WebAssembly;", cause: /WebAssembly/ },
  "--jitless": { flags: ["--jitless"], cause: /WebAssembly/ },
  "a policy that forbids to compile": {
    before: "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError(\"'wasm-unsafe-eval' is not an allowed source\"); } };",
    cause: /CompileError/,
  },
  "an engine that compiles 4 KB at once": {
    before: "WebAssembly.Module = class { constructor() { throw new RangeError('the buffer size is larger than 4KB'); } };",
    cause: /4KB/,
  },
};

for (const { specifier, exported } of ENTRIES) {
  for (const [host, { flags = [], before = "", cause }] of Object.entries(HOSTS)) {
    test(`${specifier}: with ${host} the import succeeds, and the constructor names cause and remedy`, async () => {
      for (const [run, load] of [[inModule, `await import("${specifier}")`], [inNode, `require("${specifier}")`]]) {
        const thrown = await run(`${before} const { ${exported}: Public } = ${load}; ${MAKE}`, ...flags);
        assert.equal(thrown.isError, true);
        assert.match(thrown.message, /WebAssembly.*--jitless.*wasm-unsafe-eval/);
        assert.match(thrown.cause, cause);
      }
    });
  }
}

test("an uncaught error prints little of the package: only the text of the module has a long line", () => {
  const MAX_LINE_LENGTH = 1000;
  // In a command that other packages are bundled into, some lines of theirs are long: regular expressions, which no error shows.
  const bundled = ADAPTERS.filter(({ bin }) => bin).map(({ bin }) => `bin/${bin}.js`);
  // The inspector runs in a page, whose console prints no source.
  const printed = (name) => /\.c?js$/.test(name) && !bundled.includes(name) && !name.startsWith("inspector/");
  for (const name of files().filter(printed)) {
    const long = read(name).toString().split("\n").filter((line) => line.length > MAX_LINE_LENGTH);
    assert.ok(long.length <= 1 && long.every((line) => /^"[^"]*";?$/.test(line)), `${name}: ${long.map((line) => line.slice(0, 60))}`);
  }
});
