// Starts the emulator and the Worker that uses it:  npm start --prefix examples/ai-worker
// Then, in another terminal:
//   curl -N http://127.0.0.1:8788/chat/t-1 -d "I am allergic to peanuts"
//   curl -N http://127.0.0.1:8788/chat/t-2 -d "What am I allergic to?"
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const port = process.env.PORT ?? "8788";
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const programs = [];

function start(script, args, stdout) {
  const child = spawn(process.execPath, [file(script), ...args], { cwd: file("."), stdio: ["ignore", stdout, "inherit"] });
  child.on("exit", (code) => stop(code ?? 1));
  programs.push(child);
  return child;
}

function stop(code) {
  programs.forEach((child) => child.kill());
  process.exitCode ??= code;
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop(0));

const emulator = start("node_modules/claiv-memory/bin/claiv-emulator.js", ["--port", process.env.EMULATOR_PORT ?? "0"], "pipe");
for await (const line of createInterface({ input: emulator.stdout })) {
  const [url] = /http:\/\/\S+/.exec(line) ?? [];
  if (!url) continue;
  // In production the key is a secret: npx wrangler secret put CLAIV_API_KEY. The base URL is then left out.
  const vars = ["--var", "CLAIV_API_KEY:any", "--var", `CLAIV_BASE_URL:${url}`];
  start("node_modules/wrangler/bin/wrangler.js", ["dev", "--ip", "127.0.0.1", "--port", port, ...vars], "inherit");
  break;
}
emulator.stdout.resume();
