// Files of the repository, copied to where the installed package is found by its name, as at a user's.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "../node_modules");

export const repository = join(here, "../..");
export const installed = join(modules, "claiv-memory");

/** A fresh folder with the content of `folder` of the repository, removed when the test ends. */
export function copied(t, folder) {
  const copy = mkdtempSync(join(tmpdir(), "claiv-test-"));
  t.after(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(join(repository, folder), copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
  symlinkSync(modules, join(copy, "node_modules"), "dir");
  return copy;
}
