import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Failure, at } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";

// What a careful user of an ordinary set-up has. skipLibCheck would hide errors in our own declarations.
const COMMON = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2020",
  lib: ["es2020", "dom"],
  types: [],
  forceConsistentCasingInFileNames: true,
};
const CONFIGURATIONS = {
  "node16, ES modules": { module: "node16", moduleResolution: "node16" },
  "node16, CommonJS": { module: "node16", moduleResolution: "node16", type: "commonjs" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
  "nodenext, TypeScript 7": { module: "nodenext", moduleResolution: "nodenext", compiler: "typescript-7" },
  "bundler, newest lib, strictest": {
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["esnext", "dom", "dom.iterable"],
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
  },
};

export const types = {
  name: "types",
  what: "tests/types/*.ts compile as users would compile them; each configuration is one test",
  needs: ["build", "pack"],
  async run(report) {
    const sources = existsSync(at("tests/types")) ? readdirSync(at("tests/types")).filter((name) => /\.ts$/.test(name)) : [];
    if (sources.length === 0) throw new Failure("there is no tests/types/*.ts");
    for (const [name, { type = "module", compiler = "typescript", ...options }] of Object.entries(CONFIGURATIONS)) {
      // A folder each: whether a file is an ES module hangs on the package.json beside it.
      const folder = at(".build/types", name.replaceAll(/\W+/g, "-"));
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const source of sources) cpSync(at("tests/types", source), `${folder}/${source}`);
      symlinkSync(at("tests/node_modules"), `${folder}/node_modules`);
      writeFileSync(`${folder}/package.json`, JSON.stringify({ type }));
      writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: { ...COMMON, ...options }, include: ["*.ts"] }));
      await report.check(name, () => capture(process.execPath, [at("node_modules", compiler, "bin/tsc"), "-p", "."], { cwd: folder, what: "tsc" }));
    }
  },
};
