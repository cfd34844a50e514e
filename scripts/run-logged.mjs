#!/usr/bin/env node
// Runs a command, writes all of its output to .build/log/<name>.log, and prints only the lines that name its steps.
//   node scripts/run-logged.mjs <name> <command> [argument…]
import { createWriteStream, mkdirSync } from "node:fs";
import { relative } from "node:path";
import { Failure, at, main, root } from "./lib/project.mjs";
import { start } from "./lib/run.mjs";

/** Lines of the project's own scripts; all others are of compilers and installers. */
const STEP = /^(setup|build): /;
const TAIL = 30;
/** How long nothing may be printed before a line says that it goes on, and with what. */
const QUIET_MS = 15_000;

await main(async () => {
  const [name, command, ...args] = process.argv.slice(2);
  const file = at(".build/log", `${name}.log`);
  mkdirSync(at(".build/log"), { recursive: true });
  const log = createWriteStream(file);
  const last = [];
  const began = Date.now();
  console.log(`${name}: all of its output goes to ${relative(root, file)}`);
  const goesOn = () => console.log(`${name}: ${String(Math.round((Date.now() - began) / 1000)).padStart(6)} s  ${(last.at(-1) ?? "").trim().slice(0, 100)}`);
  const timer = setInterval(goesOn, QUIET_MS);
  const code = await start(command, args, { onLine(line) {
    log.write(`${line}\n`);
    last.push(line);
    if (last.length > TAIL) last.shift();
    if (!STEP.test(line)) return;
    console.log(line);
    timer.refresh();
  } }).finally(() => clearInterval(timer));
  await new Promise((resolve) => log.end(resolve));
  if (code === 0) return;
  throw new Failure(`${name} ended with ${code}; the last of it:\n${last.join("\n")}\nAll of it is in ${file}`);
});
