// Folders outside of the repository in which the packed package is installed as at a user's.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { at, root } from "../lib/project.mjs";
import { capture } from "./process.mjs";

export class Workspaces {
  constructor() {
    this.root = mkdtempSync(join(tmpdir(), "claiv-runtimes-"));
    process.once("exit", () => rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  }

  /** Packs pkg/ (or the folder that CLAIV_PACKAGE names) and installs the tarball, once; every workspace gets a copy of what npm made of it. */
  async install() {
    const folder = join(this.root, "installed");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "private": true }');
    const packed = await capture("npm", ["pack", resolve(process.env.CLAIV_PACKAGE ?? at("pkg")), "--pack-destination", this.root, "--loglevel=error"], { what: "npm pack" });
    await capture("npm", ["install", "--offline", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", join(this.root, packed.trim().split("\n").at(-1))], { cwd: folder, what: "npm install of the tarball" });
    this.modules = join(folder, "node_modules");
    this.package = join(this.modules, "claiv-memory");
  }

  /**
   * Makes a folder with the package, the conformance suite and `files` (content by name; objects become JSON). `copy` names
   * folders of the repository whose content it gets besides, without the files that `drop` matches; `modules` a node_modules with what else must be found there.
   */
  make(name, files = {}, { copy = [], drop = /$^/, modules, manifest = {} } = {}) {
    // Never one that is there already: a program that was told to end may still be writing.
    let folder = join(this.root, name);
    for (let n = 2; existsSync(folder); n++) folder = join(this.root, `${name}-${n}`);
    mkdirSync(folder, { recursive: true });
    if (modules) cpSync(modules, join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true, mode: 0 });
    cpSync(this.package, join(folder, "node_modules/claiv-memory"), { recursive: true });
    cpSync(at("tests/runtimes/conformance"), join(folder, "conformance"), { recursive: true });
    for (const one of copy) cpSync(at(one), folder, { recursive: true, filter: (path) => !/node_modules|driver\.mjs$|package(-lock)?\.json$/.test(path.slice(root.length)) && !drop.test(path) });
    const all = { "package.json": { name: "a-user", private: true, type: "module", dependencies: { "claiv-memory": "*" }, ...manifest }, ...files };
    for (const [path, content] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content, null, 2));
    }
    return folder;
  }
}
