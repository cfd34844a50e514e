#!/usr/bin/env node
// Runs a command and shows of its output only the lines that tell its steps; all of it goes into a file.
//   node scripts/quietly.mjs <name> <command> [argument…]       the file is .build/log/<name>.log
import { createWriteStream, mkdirSync } from "node:fs";
import { Failure, at, main } from "./lib/project.mjs";
import { start } from "./lib/run.mjs";

/** What the scripts themselves say; compilers and installers say everything else. */
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
