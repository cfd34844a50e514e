// What the tests of this folder share: programs that run in a process of their own, under a watchdog.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));

/**
 * Runs Node with `args` where the package is installed, and kills it after `timeout` milliseconds. Gives
 * {code, signal, late, stdout, stderr}.
 */
export function node(args, { timeout = 60_000, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--no-warnings", ...args], {
      cwd: here,
      env: { ...process.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = { stdout: "", stderr: "", late: false };
    child.stdout.setEncoding("utf8").on("data", (text) => { end.stdout += text; });
    child.stderr.setEncoding("utf8").on("data", (text) => { end.stderr += text; });
    const watchdog = setTimeout(() => {
      end.late = true;
      child.kill("SIGKILL");
    }, timeout);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(watchdog);
      resolve({ code, signal, ...end });
    });
  });
}

/** Runs a program of `programs/`, which must end by itself, and gives what it printed with `printResult`: its last line, as JSON. */
export async function program(name, args = [], { flags = [], timeout = 60_000, env } = {}) {
  const { code, signal, late, stdout, stderr } = await node([...flags, join("programs", name), ...args.map(String)], { timeout, env });
  const output = () => `${stderr.slice(-3000)}\n${stdout.slice(-1000)}`;
  assert.ok(!late, `${name} ${args.join(" ")} did not end within ${timeout} ms\n${output()}`);
  assert.ok(code === 0, `${name} ${args.join(" ")} ended with ${code ?? signal}\n${output()}`);
  const last = stdout.trimEnd().split("\n").at(-1);
  try {
    return JSON.parse(last);
  } catch {
    return assert.fail(`${name} ${args.join(" ")} printed no result\n${output()}`);
  }
}

/** Runs a text as a program, as `program` does. `kind` is "module" or "commonjs". */
export async function code(text, { flags = [], kind = "module", timeout = 30_000, env } = {}) {
  const end = await node([...flags, `--input-type=${kind}`, "-e", text], { timeout, env });
  assert.ok(!end.late, `the program did not end within ${timeout} ms\n${end.stderr.slice(-2000)}`);
  assert.equal(end.code, 0, `the program ended with ${end.code ?? end.signal}\n${end.stderr.slice(-3000)}`);
  return JSON.parse(end.stdout.trimEnd().split("\n").at(-1));
}
