// Starts the emulator and the application that uses it:  npm start --prefix examples/ai-nextjs
// Then open the page that it names.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const port = process.env.PORT ?? "3000";
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const programs = [];

function start(script, args, stdout, env = process.env) {
  const child = spawn(process.execPath, [file(script), ...args], { cwd: file("."), stdio: ["ignore", stdout, "inherit"], env });
  child.on("exit", (code) => stop(code ?? 1));
  programs.push(child);
  return child;
}

function stop(code) {
  programs.forEach((child) => child.kill());
  process.exitCode ??= code;
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop(0));

const emulator = start("node_modules/claiv-memory/bin/claiv-emulator.js", ["--port", "0"], "pipe");
for await (const line of createInterface({ input: emulator.stdout })) {
  const [url] = /http:\/\/\S+/.exec(line) ?? [];
  if (!url) continue;
  // In production CLAIV_API_KEY is a secret of the deployment, and the base URL is left out.
  start("node_modules/next/dist/bin/next", ["dev", "--hostname", "127.0.0.1", "--port", port], "inherit", { ...process.env, CLAIV_API_KEY: "any", CLAIV_BASE_URL: url });
  break;
}
emulator.stdout.resume();
