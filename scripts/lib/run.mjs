// Runs commands: `run` shows their output, `capture` gives it back.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Failure, root } from "./project.mjs";

/**
 * Runs a command without standard input. `onLine` gets its output line by line, both streams in the order they come;
 * without it the output goes straight to the terminal. Resolves to the exit code.
 */
export function start(command, args, { env = {}, cwd = root, onLine, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", onLine ? "pipe" : "inherit", onLine ? "pipe" : "inherit"],
      timeout,
      killSignal: "SIGKILL",
    });
    if (onLine) for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
    child.on("error", (error) => reject(new Failure(`${command} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => resolve(code ?? `killed by ${signal}`));
  });
}

/** Runs a command and throws unless it succeeds. */
export async function run(command, args, options = {}) {
  const code = await start(command, args, options);
  if (code !== 0) throw new Failure(`${options.what ?? [command, ...args].join(" ")} ended with ${code}`);
}

/** Runs a command and gives back what it printed; throws with that output unless it succeeds. */
export async function capture(command, args, options = {}) {
  const lines = [];
  const code = await start(command, args, { ...options, onLine: (line) => lines.push(line) });
  const text = lines.join("\n");
  if (code !== 0) throw new Failure(`${options.what ?? command} ended with ${code}:\n${text}`);
  return text;
}
