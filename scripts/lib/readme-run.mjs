// How a README block of each language is checked, in a folder where the packed claiv-memory is installed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { parse as parseToml } from "smol-toml";
import { Failure, at } from "./project.mjs";
import { capture } from "./run.mjs";

const TIME = 60_000;
const preload = at("scripts/lib/readme-preload.mjs");

/** Starts the package's own command and resolves to where it listens. */
export function startEmulator(args = ["--port", "0"]) {
  const child = spawn(process.execPath, [at("tests/node_modules/claiv-memory/bin/claiv-emulator.js"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = [];
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Failure(`the emulator ${why}:\n${output.join("\n")}`));
    const timer = setTimeout(() => { child.kill(); fail("did not print its address"); }, 15_000);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        output.push(line);
        const url = /http:\/\/[\w.[\]-]+:\d+/.exec(line)?.[0];
        if (!url) return;
        clearTimeout(timer);
        resolve({ url, stop: () => child.kill() });
      });
    }
    child.on("error", fail);
    child.on("exit", () => { clearTimeout(timer); fail("ended"); });
  });
}

/** The path of a runtime's command, on PATH or among the development packages. */
function commandOf(name) {
  const places = [at("node_modules/.bin"), ...(process.env.PATH ?? "").split(delimiter)];
  return places.map((place) => join(place, name)).find(existsSync);
}

const RUNTIMES = {
  node: (file) => [process.execPath, ["--no-warnings", "--import", preload, file]],
  worker: (file) => [process.execPath, ["--no-warnings", "--import", preload, at("scripts/lib/readme-worker.mjs"), file]],
  deno: (file) => [commandOf("deno"), ["run", "--quiet", "--node-modules-dir=manual", "--allow-net=127.0.0.1", "--allow-env", "--preload", preload, file]],
  bun: (file) => [commandOf("bun"), ["run", "--preload", preload, file]],
};

async function runProgram(file, { prints }, { folder, runtimes, skip }) {
  let ran = 0;
  for (const runtime of runtimes) {
    if (!RUNTIMES[runtime]) throw new Failure(`no runtime is called ${runtime}`);
    const [command, args] = RUNTIMES[runtime](file);
    if (!command) {
      skip(runtime, `${runtime} is not installed`);
      continue;
    }
    // Every program gets a fresh emulator.
    const emulator = await startEmulator();
    try {
      const printed = await capture(command, args, {
        cwd: folder,
        timeout: TIME,
        what: `the block in ${runtime}`,
        env: { CLAIV_API_KEY: "claiv_test_key", CLAIV_BASE_URL: emulator.url, NODE_OPTIONS: "" },
      });
      if (prints !== undefined && printed.trim() !== prints.trim()) throw new Failure(`in ${runtime} it prints\n${printed.trim()}\nand not\n${prints.trim()}`);
    } finally {
      emulator.stop();
    }
    ran++;
  }
  return ran > 0;
}

function write(folder, name, code) {
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
}

function javascript(block, context) {
  const code = block.code.replaceAll(/(["'])npm:(claiv-memory[^"'@]*)(@[^"']*)?\1/g, '"$2"');
  return runProgram(write(context.folder, /\brequire\(/.test(code) ? "block.cjs" : "block.mjs", code), block, context);
}

async function typescript(block, context) {
  write(context.folder, "block.mts", block.code);
  write(context.folder, "tsconfig.json", JSON.stringify({
    compilerOptions: {
      strict: true, noEmit: true, target: "es2022", module: "nodenext", lib: ["es2023", "dom", "dom.iterable"],
      typeRoots: [at("node_modules/@types")], types: ["node"],
    },
    files: ["block.mts"],
  }));
  await capture(process.execPath, [at("node_modules/typescript/bin/tsc"), "-p", "."], { cwd: context.folder, what: "tsc" });
  await build({ entryPoints: [join(context.folder, "block.mts")], outfile: join(context.folder, "block.mjs"), logLevel: "silent" });
  return runProgram(join(context.folder, "block.mjs"), block, context);
}

/** Commands are followed one by one, as a reader would, except that nothing is installed and no suite is started. */
async function shell(block, { folder }) {
  const { name, bin } = JSON.parse(readFileSync(at("pkg/package.json"), "utf8"));
  await capture("bash", ["-n", write(folder, "block.sh", block.code)]);
  const rest = [];
  for (const line of block.code.split("\n").map((one) => one.replace(/\s#.*/, "").replace(/^\$ /, "").trim()).filter((one) => one && !one.startsWith("#"))) {
    const [command, ...args] = line.split(/\s+/);
    if (command === "make") await capture("make", ["-n", ...args], { what: line });
    else if (/^(npm (install|i)|(pnpm|yarn|bun|deno) add|deno install)\b/.test(line)) {
      if (!args.slice(1).some((arg) => [name, `npm:${name}`].includes(arg))) throw new Failure(`"${line}" does not install ${name}`);
    } else if (command === "npx" || command === "bunx") {
      const words = args.filter((arg) => arg !== "-y" && arg !== "-p" && arg !== name);
      if (!(words[0] in bin)) throw new Failure(`${name} has no command ${words[0]}`);
      (await startEmulator(words.slice(1))).stop();
    } else rest.push(line);
  }
  if (rest.length > 0) await capture("bash", ["-euo", "pipefail", "-c", rest.join("\n")], { cwd: folder, timeout: TIME, what: "the block" });
  return true;
}

/** A page's module scripts must parse, and what they import from the package must exist. */
async function html(block, { folder }) {
  const scripts = [...block.code.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)].map(([, code]) => code);
  if (scripts.length === 0) throw new Failure("there is no module script in it");
  for (const code of scripts) {
    const contents = code.replaceAll(/(["'])https?:\/\/[^"']*\/(claiv-memory)(?:@[^"'/]*)?[^"']*\1/g, '"$2"');
    const { warnings } = await build({ stdin: { contents, resolveDir: folder }, bundle: true, write: false, format: "esm", logLevel: "silent" });
    if (warnings.length > 0) throw new Failure(warnings.map(({ text }) => text).join("\n"));
  }
  return true;
}

/** By language. Each resolves to whether anything was checked, and throws if it was not as it should be. */
export const CHECKS = {
  js: javascript,
  javascript,
  mjs: javascript,
  ts: typescript,
  typescript,
  sh: shell,
  bash: shell,
  html,
  json: async ({ code }) => { JSON.parse(code); return true; },
  toml: async ({ code }) => { parseToml(code); return true; },
};
