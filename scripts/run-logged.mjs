#!/usr/bin/env node
// Runs a command, writes all of its output to .build/log/<name>.log, and prints only the lines that name its steps.
//   node scripts/run-logged.mjs <name> <command> [argument…]
import { createWriteStream, mkdirSync } from "node:fs";
import { Failure, at, main } from "./lib/project.mjs";
import { start } from "./lib/run.mjs";

/** Lines of the project's own scripts; all others are of compilers and installers. */
const STEP = /^(setup|build): /;
const TAIL = 30;

await main(async () => {
  const [name, command, ...args] = process.argv.slice(2);
  const file = at(".build/log", `${name}.log`);
  mkdirSync(at(".build/log"), { recursive: true });
  const log = createWriteStream(file);
  const last = [];
  const code = await start(command, args, { onLine(line) {
    log.write(`${line}\n`);
    last.push(line);
    if (last.length > TAIL) last.shift();
    if (STEP.test(line)) console.log(line);
  } });
  await new Promise((resolve) => log.end(resolve));
  if (code === 0) return;
  throw new Failure(`${name} ended with ${code}; the last of it:\n${last.join("\n")}\nAll of it is in ${file}`);
});
