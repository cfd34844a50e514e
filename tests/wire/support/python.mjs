// The Python client in both versions, in a virtual environment of its own, and the process that runs it.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const VERSIONS = ["0.2.1", "0.6.4"];

const REQUIREMENTS = fileURLToPath(new URL("../requirements.txt", import.meta.url));
const DRIVER = fileURLToPath(new URL("../driver.py", import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "claiv-memory");
const MINUTE = 60_000;

const run = async (command, args, timeout = MINUTE) =>
  (await promisify(execFile)(command, args, { timeout, env: { ...process.env, PYTHONPATH: undefined, PYTHONHOME: undefined } })).stdout.trim();
const works = (command, args) => run(command, args).then(() => true, () => false);
/** The last line of what a command that failed said. */
const why = ({ stderr, message }) => (stderr || message).trim().split("\n").at(-1);

// ensurepip is what Debian keeps in a package of its own.
const complete = () => works("python3", ["-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 9)"]);

async function installBase() {
  if (await complete()) return;
  const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (args) => {
    const [command, ...rest] = [...root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", ...args];
    return run(command, rest, 5 * MINUTE);
  };
  try {
    console.log("wire: installing Debian's python3-venv");
    await apt(["update"]);
    await apt(["--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", "install", "python3", "python3-venv"]);
  } catch (error) {
    throw new Error(`Python 3.9 or later with venv is missing, and apt-get could not install it (${why(error)})`, { cause: error });
  }
  if (!(await complete())) throw new Error("Python 3.9 or later with venv is missing: Debian's is older");
}

async function install(folder) {
  const part = `${folder}.${process.pid}`;
  const python = join(part, "bin/python");
  const pip = (...args) => run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", ...args], 4 * MINUTE);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  console.log(`wire: installing claiv-memory ${VERSIONS.join(" and ")} from PyPI into ${CACHE}`);
  try {
    await run("python3", ["-m", "venv", part], 2 * MINUTE);
    await pip("--no-deps", "--requirement", REQUIREMENTS);
    for (const version of VERSIONS) await pip("--no-deps", "--target", join(part, version), `claiv-memory==${version}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } catch (error) {
    // Another process may have been faster.
    if (!(await usable(folder))) throw new Error(`the Python client could not be installed: ${why(error)}`, { cause: error });
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

const usable = async (folder) =>
  VERSIONS.every((version) => existsSync(join(folder, version, "claiv"))) && (await works(join(folder, "bin/python"), ["-c", "import httpx, ssl"]));

/** Gives a function that starts a driver of a version; throws with the reason where there can be none. */
export async function preparePython() {
  await installBase();
  const which = await run("python3", ["-c", "import sys; print(sys.base_prefix, sys.version)"]);
  const hash = createHash("sha256").update(which).update(readFileSync(REQUIREMENTS)).update(VERSIONS.join()).digest("hex").slice(0, 12);
  const folder = join(CACHE, `python-${hash}`);
  if (!(await usable(folder))) await install(folder);
  return (version) => new Driver(join(folder, "bin/python"), join(folder, version), version);
}

/** One Python process that runs many cases at once. */
class Driver {
  #child;
  #waiting = new Map();
  #count = 0;
  #errors = "";

  constructor(python, folder, version) {
    this.version = version;
    // A proxy of this machine is for other hosts.
    const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", PYTHONUTF8: "1", NO_PROXY: "*" };
    this.#child = spawn(python, [DRIVER, folder], { env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr.on("data", (text) => (this.#errors += text));
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const { id, ...answer } = JSON.parse(line);
      this.#waiting.get(id).resolve(answer);
      this.#waiting.delete(id);
    });
    const gone = (what) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the Python driver ${what}: ${this.#errors}`));
    };
    this.#child.on("error", (error) => gone(error.message)).on("close", (code) => gone(`ended with ${code}`));
  }

  ask(question) {
    return new Promise((resolve, reject) => {
      const id = ++this.#count;
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ ...question, id })}\n`);
    });
  }

  call(method, { args = [], kwargs = {}, client = {}, ...more }) {
    return this.ask({ op: "call", method, args, kwargs, client, ...more });
  }

  end() {
    this.#child.stdin.end();
  }
}
