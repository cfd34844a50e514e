// Senders of the storm that are processes, killed with kill -9.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** `args` are all but those that each sender adds: see process.mjs. */
export const inProcesses = (command, args, options = {}) => ({ url, first, events, say, fail }) => {
  const child = spawn(command, [...args, url, String(first), String(events)], options);
  let errors = "";
  let isOver = false;
  child.stderr.on("data", (data) => { errors += data; });
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => {
    isOver ||= line === "done";
    say(line);
  });
  const closed = Promise.all([once(child, "close"), once(reader, "close")]).then(([[code, signal]]) => {
    if (!isOver) throw new Error(`the process ended with ${code ?? signal}: ${errors}`);
  });
  closed.catch(fail);
  return {
    async kill() {
      isOver = true;
      child.kill("SIGKILL");
      await closed;
      return "by kill -9";
    },
    end: () => closed,
  };
};
