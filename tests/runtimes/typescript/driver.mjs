// Programs in TypeScript, as each kind of project compiles them: the files of tests/types, with the declarations of the package
// checked along (no skipLibCheck).
import { existsSync, readFileSync, readdirSync, writeFileSync, mkdirSync, cpSync } from "node:fs";
import { join } from "node:path";

const STRICT = { strict: true, skipLibCheck: false, noEmit: true, target: "es2020", lib: ["es2020", "dom"], types: [] };

const PROJECTS = {
  "node16, ES modules": { module: "node16", moduleResolution: "node16" },
  "node16, CommonJS": { module: "node16", moduleResolution: "node16", type: "commonjs" },
  "nodenext, ES modules": { module: "nodenext", moduleResolution: "nodenext" },
  "nodenext, CommonJS": { module: "nodenext", moduleResolution: "nodenext", type: "commonjs" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
  "bundler, newest lib": { module: "esnext", moduleResolution: "bundler", lib: ["esnext", "dom", "dom.iterable"] },
};

async function compile(t, tsc, folder, { type = "module", ...options }) {
  mkdirSync(folder, { recursive: true });
  cpSync(t.package, join(folder, "node_modules/claiv-memory"), { recursive: true });
  for (const name of readdirSync(join(folder, "..")).filter((one) => /\.[cm]?ts$/.test(one))) cpSync(join(folder, "..", name), join(folder, name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...STRICT, ...options }, include: ["*.ts"] }));
  await t.capture(await t.node(24), [tsc, "-p", "."], { cwd: folder, what: "tsc" });
}

const row = (major) => ({
  id: `typescript-${major}`,
  title: `TypeScript ${major}`,
  quick: major !== "5.9",
  async run(t) {
    const modules = await t.tools("tests/runtimes/typescript");
    const compiler = join(modules, `typescript-${major}`);
    const { version, bin } = JSON.parse(readFileSync(join(compiler, "package.json"), "utf8"));
    const folder = t.workspace({}, { copy: ["tests/types"] });
    if (!existsSync(join(folder, "methods.ts"))) throw new t.Failure("there are no programs in tests/types");
    const results = [];
    for (const [name, options] of Object.entries(PROJECTS)) {
      const began = Date.now();
      const problem = await compile(t, join(compiler, bin.tsc), join(folder, name.replace(/\W+/g, "-")), options).then(() => undefined, (error) => error.message);
      results.push({ group: "types", name, outcome: problem ? "failed" : "passed", message: problem, ms: Date.now() - began });
    }
    return { version, results };
  },
});

export const rows = ["5.0", "5.9", "7"].map(row);
