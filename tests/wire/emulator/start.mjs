// The command claiv-emulator, as a user starts it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const BIN = createRequire(import.meta.url).resolve("claiv-memory/package.json").replace("package.json", "bin/claiv-emulator.js");

export const KEY = "key-of-the-emulator";

export async function startEmulator() {
  const child = spawn(process.execPath, [BIN, "--port", "0", "--api-key", KEY], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    return { url, stop: async () => (child.kill(), await once(child, "close")) };
  }
  throw new Error("the emulator ended before it listened");
}
