// Starts the command claiv-emulator in a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { calls } from "./helpers.mjs";

/** The folder of the command in the installed package. */
export const BIN = join(dirname(fileURLToPath(import.meta.url)), "../node_modules/claiv-memory/bin");
const COMMAND = join(BIN, "claiv-emulator.js");

const running = new Set();
after(() => running.forEach((child) => child.kill("SIGKILL")));

/** Starts the command; `ended` resolves with its exit code and output. Whatever still runs is killed after the tests. */
export function launch(...args) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const out = [];
  let errors = "";
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => out.push(line));
  child.stderr.on("data", (data) => (errors += data));
  const ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    return { code, signal, out, errors };
  });
  return { child, out, lines, ended };
}

/** Starts a server and waits for its URL. */
export async function serve(...args) {
  const server = launch("--port", "0", ...args);
  const [line] = await Promise.race([once(server.lines, "line"), server.ended.then(({ errors }) => Promise.reject(new Error(errors)))]);
  const [url] = line.match(/http:\/\/\S+/);
  return { ...server, url, ...calls(fetch, url) };
}

/** Sends a signal and waits for the end of the process. */
export async function stop(server, signal = "SIGTERM") {
  server.child.kill(signal);
  return server.ended;
}
