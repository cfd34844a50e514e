// The programs as files of a folder, with the service's client or claiv-memory/v6 behind their imports.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const repository = join(here, "../..");

/** What the programs import, before the only change that is made to them. */
export const BEFORE = "service-client";
export const AFTER = "claiv-memory/v6";

/** The programs by file name, with nothing but their import changed. */
export function programs(specifier = AFTER) {
  const folder = join(here, "programs");
  return Object.fromEntries(readdirSync(folder).sort().map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return [name, text.replaceAll(`from "${BEFORE}"`, `from "${specifier}"`)];
  }));
}

const COMPILER = {
  strict: true, noEmit: true, skipLibCheck: false, target: "es2022", module: "nodenext", lib: ["es2022", "dom", "dom.iterable"],
  allowImportingTsExtensions: true, types: ["node"],
};

/** A folder with `files` and the installed package, ready for tsc; `paths` as in a tsconfig.json. */
export function makeFolder(name, files, paths) {
  const folder = join(repository, ".build/dropin", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compilerOptions = { ...COMPILER, typeRoots: [join(repository, "node_modules/@types")], ...(paths && { paths }) };
  const all = {
    ...files,
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts"] }),
  };
  for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text);
  cpSync(join(repository, "tests/types/service-client.d.ts"), join(folder, "service-client.d.ts"));
  if (!existsSync(join(folder, "node_modules"))) symlinkSync(join(here, "../node_modules"), join(folder, "node_modules"));
  return folder;
}
