// Runtimes and tools: npm packages with exact versions and Debian packages, kept in the user's cache for the next time.
import { createHash } from "node:crypto";
import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { at } from "../lib/project.mjs";
import { capture } from "./process.mjs";

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "claiv-memory");

/** Thrown by a row that cannot run on this machine; the message is the reason that the report shows. */
export class NotRun extends Error {}

const installed = new Map();

/**
 * Installs what package.json and package-lock.json of a folder of the repository name, and gives the node_modules it is in.
 * No install script is run.
 */
export function tools(folder) {
  if (!installed.has(folder)) installed.set(folder, install(folder));
  return installed.get(folder);
}

async function install(folder) {
  const files = ["package.json", "package-lock.json"].map((name) => at(folder, name)).filter(existsSync);
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  const place = join(cache, "runtimes", `${basename(folder)}-${hash.digest("hex").slice(0, 12)}`);
  if (!existsSync(place)) {
    mkdirSync(join(cache, "runtimes"), { recursive: true });
    const half = mkdtempSync(join(cache, "runtimes", ".half-"));
    try {
      console.log(`     installing ${Object.keys(JSON.parse(readFileSync(files[0], "utf8")).devDependencies).join(", ")}`);
      for (const file of files) cpSync(file, join(half, basename(file)));
      // Not `npm ci`: it refuses a lock file that was written on another platform, for want of this one's binaries.
      const npm = () => capture("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: half, timeout: 600_000, what: "npm install" });
      await npm().catch((error) => { console.log(`     trying once more: ${error.message.split("\n").at(-1)}`); return npm(); });
      renameSync(half, place);
    } catch (error) {
      throw new NotRun(`its npm packages could not be installed: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  }
  return join(place, "node_modules");
}

/** Where a command is on PATH, if it is. */
export function which(command) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

const tried = new Map();

/** Sees to it that `commands` are there, by installing Debian packages where this may be done. */
export async function debian(commands, packages) {
  const missing = () => commands.filter((command) => !which(command));
  if (missing().length === 0) return;
  const id = packages.join(" ");
  if (!tried.has(id)) tried.set(id, apt(packages));
  const problem = await tried.get(id);
  if (missing().length > 0) throw new NotRun(`${missing().join(", ")} not found, and ${problem ?? `${id} did not bring it`}`);
}

async function apt(packages) {
  if (!which("apt-get")) return `there is no apt-get to install ${packages.join(" ")}`;
  const root = process.getuid() === 0 ? [] : ["sudo", "-n"];
  const run = (args, timeout) => capture([...root, "env"][0], [...root.slice(1), ...(root.length ? ["env"] : []), "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args], { timeout });
  if (root.length > 0 && !which("sudo")) return "neither root nor sudo may install packages";
  const add = () => run(["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "install", ...packages], 900_000);
  try {
    console.log(`     installing Debian's ${packages.join(" ")}`);
    // The lists may be missing or old.
    await add().catch(async () => { await run(["update"], 300_000); await add(); });
    return undefined;
  } catch (error) {
    return `apt-get could not install them: ${error.message.split("\n").at(-1)}`;
  }
}
