import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { deno, environment } from "../../tests/runtimes/deno/driver.mjs";
import { inParallel } from "../lib/parallel.mjs";
import { Failure, at } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";
import { NotRun, tools } from "../runtimes/install.mjs";

// The options of an ordinary, strict project. skipLibCheck would hide errors in our own declarations.
const COMMON = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2020",
  lib: ["es2020", "dom"],
  types: [],
  forceConsistentCasingInFileNames: true,
};
const NODE = { lib: ["es2022"], target: "es2022", types: ["node"], typeRoots: [at("node_modules/@types")] };
const WORKERS = { lib: ["es2022"], target: "es2022", types: [at("node_modules/@cloudflare/workers-types")] };
const EXACT = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noPropertyAccessFromIndexSignature: true };

/** What the peers of adapters bring is checked as well: their declarations and ours must fit. */
const ADAPTERS = { lib: ["es2022", "dom"], target: "es2022", files: ["adapters/*.ts"] };

/**
 * The ways to compile. `files` are what is compiled, in tests/types; by default all programs directly in that folder, and
 * hosts/common.ts. Without the DOM library these must compile with the environment's own types.
 */
const EVERYWHERE = ["*.ts", "hosts/common.ts"];
const CONFIGURATIONS = {
  "node16, ES modules": { module: "node16", moduleResolution: "node16" },
  "node16, CommonJS": { module: "node16", moduleResolution: "node16", type: "commonjs" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
  "nodenext, TypeScript 7": { module: "nodenext", moduleResolution: "nodenext", compiler: "typescript-7" },
  "bundler, newest lib, strictest": {
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["esnext", "dom", "dom.iterable"],
    ...EXACT,
    verbatimModuleSyntax: true,
    files: [...EVERYWHERE, "exact/*.ts"],
  },
  "Node without the DOM library": { module: "nodenext", moduleResolution: "nodenext", ...NODE, files: [...EVERYWHERE, "hosts/node.ts"] },
  "Node without the DOM library, skipLibCheck, strictest": {
    module: "nodenext",
    moduleResolution: "nodenext",
    ...NODE,
    ...EXACT,
    skipLibCheck: true,
    noPropertyAccessFromIndexSignature: false,
    files: [...EVERYWHERE, "hosts/node.ts", "exact/*.ts"],
  },
  "Node without the DOM library, TypeScript 7": {
    module: "nodenext",
    moduleResolution: "nodenext",
    ...NODE,
    compiler: "typescript-7",
    files: [...EVERYWHERE, "hosts/node.ts"],
  },
  Workers: { module: "esnext", moduleResolution: "bundler", ...WORKERS, files: [...EVERYWHERE, "hosts/workers.ts"] },
  "the adapters, ES modules": { module: "node16", moduleResolution: "node16", ...ADAPTERS },
  "the adapters, CommonJS": { module: "node16", moduleResolution: "node16", type: "commonjs", ...ADAPTERS },
  "the adapters, bundler, strictest": { module: "esnext", moduleResolution: "bundler", ...ADAPTERS, ...EXACT, verbatimModuleSyntax: true },
  "no environment's types": { module: "nodenext", moduleResolution: "nodenext", lib: ["es2020"], files: ["hosts/bare.ts"] },
};

export const types = {
  name: "types",
  what: "tests/types/ compiles as users would compile it; each configuration is one test",
  needs: ["build", "pack"],
  async run(report) {
    if (!existsSync(at("tests/types")) || !readdirSync(at("tests/types")).some((name) => name.endsWith(".ts"))) {
      throw new Failure("there is no tests/types/*.ts");
    }
    // The compiler uses one core.
    await inParallel(Object.entries(CONFIGURATIONS), availableParallelism(), ([name, { type = "module", compiler = "typescript", files = EVERYWHERE, ...options }]) => {
      const folder = workspace(name, type);
      writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: { ...COMMON, ...options }, include: files }));
      return report.check(name, () => capture(process.execPath, [at("node_modules", compiler, "bin/tsc"), "-p", "."], { cwd: folder, what: "tsc" }));
    });
    // With the client's declarations in pkg/.
    await report.check("the adapters themselves", () =>
      capture(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", at("pkg-template/adapters")], { what: "tsc" }));
    await checkByDeno(report);
  },
};

/** A folder for each configuration: the package.json beside a file decides whether it is an ES module. */
function workspace(name, type) {
  const folder = at(".build/types", name.replaceAll(/\W+/g, "-"));
  rmSync(folder, { recursive: true, force: true });
  cpSync(at("tests/types"), folder, { recursive: true });
  mkdirSync(`${folder}/node_modules`);
  symlinkSync(at("tests/node_modules/claiv-memory"), `${folder}/node_modules/claiv-memory`);
  for (const name of ["undici", "undici-6"]) symlinkSync(at("node_modules", name), `${folder}/node_modules/${name}`);
  writeFileSync(`${folder}/package.json`, JSON.stringify({ type }));
  return folder;
}

/** Deno brings a compiler and types of its own. `--all` checks the package's declarations, too. */
async function checkByDeno(report) {
  const folder = workspace("Deno", "module");
  writeFileSync(`${folder}/package.json`, JSON.stringify({ type: "module", dependencies: { "claiv-memory": "*" } }));
  writeFileSync(`${folder}/deno.json`, JSON.stringify({ nodeModulesDir: "manual" }));
  try {
    const command = await deno({ tools, NotRun });
    const args = ["check", "--all", "hosts/common.ts", "hosts/deno.ts"];
    await report.check("Deno", () => capture(command, args, { cwd: folder, env: environment(folder), what: "deno check", timeout: 180_000 }));
  } catch (error) {
    if (!(error instanceof NotRun)) throw error;
    report.skip("Deno", error.message);
  }
}
