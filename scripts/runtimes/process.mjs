// Runs other programs: each has a time limit and no input, and is ended together with all processes that it started. `processes()` gives
// functions whose programs can be stopped together, without those of others; `capture` and `serve` are for programs of nobody in particular.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Failure } from "../lib/project.mjs";

/** Every process that has not ended. */
const running = new Set();

/** Ends a process and what it started. */
function end(child, signal = "SIGKILL") {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

process.once("exit", () => running.forEach((child) => end(child)));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(130));

function launch(own, command, args, { cwd, env = {}, onLine }) {
  const clean = { ...process.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, NO_COLOR: "1", FORCE_COLOR: undefined, CI: "1", ...env };
  const child = spawn(command, args, { cwd, env: clean, stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const set of [running, own]) set.add(child);
  for (const [name, stream] of [["out", child.stdout], ["err", child.stderr]]) {
    createInterface({ input: stream }).on("line", (line) => onLine(line, name));
  }
  const closed = new Promise((resolve) => {
    child.on("error", (error) => resolve({ error }));
    child.on("close", (code, signal) => resolve({ code, signal }));
  }).finally(() => { for (const set of [running, own]) set.delete(child); });
  return { child, closed };
}

const tail = (lines) => lines.slice(-40).join("\n");

/** Runs a program to its end and gives its standard output; throws with all output unless it succeeds. */
async function captureIn(own, command, args, { cwd, env, timeout = 120_000, what = command } = {}) {
  const all = [];
  const out = [];
  const { child, closed } = launch(own, command, args, { cwd, env, onLine(line, stream) { all.push(line); if (stream === "out") out.push(line); } });
  let late = false;
  const timer = setTimeout(() => { late = true; end(child); }, timeout);
  const { code, signal, error } = await closed;
  clearTimeout(timer);
  end(child);
  if (error) throw new Failure(`${what} could not be started: ${error.message}`);
  if (late) throw new Failure(`${what} did not end within ${timeout / 1000} s:\n${tail(all)}`);
  if (code !== 0) throw new Failure(`${what} ended with ${code ?? signal}:\n${tail(all)}`);
  return out.join("\n");
}

/** Starts a server and waits for the line that says it listens: the match of `ready` in it. */
async function serveIn(own, command, args, { cwd, env, ready, timeout = 60_000, what = command }) {
  const lines = [];
  let found;
  const match = new Promise((resolve) => { found = resolve; });
  const { child, closed } = launch(own, command, args, { cwd, env, onLine(line) {
    lines.push(line);
    const hit = ready.exec(line);
    if (hit) found(hit);
  } });
  const stop = async () => {
    end(child, "SIGTERM");
    const timer = setTimeout(() => end(child), 3000);
    await closed;
    clearTimeout(timer);
    end(child);
  };
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, timeout, `did not start within ${timeout / 1000} s`); });
  const first = await Promise.race([match, late, closed.then(({ code, signal, error }) => `ended with ${error?.message ?? code ?? signal}`)]);
  clearTimeout(timer);
  if (typeof first === "string") {
    await stop();
    throw new Failure(`${what} ${first}:\n${tail(lines)}`);
  }
  return { match: first, lines, stop };
}

/** `capture`, `serve`, and `stopAll`, which stops what those two have started and is still running. */
export function processes() {
  const own = new Set();
  return {
    capture: (...args) => captureIn(own, ...args),
    serve: (...args) => serveIn(own, ...args),
    stopAll: () => own.forEach((child) => end(child)),
  };
}

export const { capture, serve } = processes();
