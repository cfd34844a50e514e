// The emulator over HTTP: the command that an installed package brings along.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PATIENCE_MS = 15_000;
const GRACE_MS = 3000;

/** Starts `claiv-emulator` of the package in this folder. Resolves to its URL, and a function that stops it. */
export async function startEmulator(folder) {
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const command = join(folder, bin["claiv-emulator"]);
  if (!existsSync(command)) throw new Error(`the package has no ${bin["claiv-emulator"]}`);
  const child = spawn(process.execPath, [command, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.on("close", resolve).on("error", resolve));
  const stop = async () => {
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(timer);
  };
  try {
    return { url: await urlOf(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The URL that the command prints once it listens. All it prints is read, so that it never waits for a full pipe. */
function urlOf(child) {
  return new Promise((resolve, reject) => {
    const said = [];
    const fail = (why) => reject(new Error(`claiv-emulator ${why}\n${said.join("\n")}`.trim()));
    const timer = setTimeout(() => fail("did not say where it listens"), PATIENCE_MS);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        const url = /http:\/\/[\w.[\]:]+:\d+/.exec(text)?.[0];
        if (url) {
          clearTimeout(timer);
          resolve(url);
        } else if (said.length < 20) said.push(text);
      });
    }
    child.on("error", (error) => fail(`could not be started: ${error.message}`));
    child.on("close", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
