// The conformance suite: what every runtime must do alike. It imports nothing but its own files and asks nothing of its
// host but what the client itself needs, so it runs wherever the client does.
import { errors } from "./cases/errors.mjs";
import { imports } from "./cases/imports.mjs";
import { methods } from "./cases/methods.mjs";
import { retries } from "./cases/retries.mjs";
import { deadlines } from "./cases/deadlines.mjs";
import { lifecycle } from "./cases/lifecycle.mjs";
import { text } from "./cases/text.mjs";
import { seams } from "./cases/seams.mjs";
import { secrecy } from "./cases/secrecy.mjs";
import { stacks } from "./cases/stacks.mjs";
import { v6 } from "./cases/v6.mjs";
import { Context, Skip } from "./context.mjs";

export { watch } from "./watch.mjs";

const CASES = [imports, methods, errors, retries, deadlines, lifecycle, text, seams, secrecy, stacks, v6].flat();

/** The groups, in the order in which they are shown. */
export const GROUPS = [...new Set(CASES.map(({ group }) => group))];

const CASE_TIMEOUT = 30_000;

/**
 * Runs the suite. `host` is what the runtime's driver knows:
 *   client, v6, emulator   the modules of the package; `v6` and `emulator` may be missing, with a reason in `without`
 *   imported            what watch() gave before they were imported
 *   urls                { emulator, hostile, refused }: the services of support/services.mjs
 *   inspect             what prints an object for people here, if anything does
 *   using               async (client, work): runs `work` in a block with `using`, where the host's syntax has it
 *   without             { <need>: reason } for what this host cannot do: http, v6, emulator, cors, inspect, using, …
 *   ownGlobals          names that the driver itself, or a classic script, adds to globalThis
 *   only                the groups to run; all of them by default
 */
export async function conform(host) {
  const changes = host.imported?.stop();
  const results = [];
  for (const { group, name, run } of CASES) {
    if (host.only && !host.only.includes(group)) continue;
    results.push({ group, name, ...(await outcome(run, new Context({ ...host, changes }))) });
  }
  return results;
}

async function outcome(run, context) {
  const began = Date.now();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still not done after ${CASE_TIMEOUT} ms`)), CASE_TIMEOUT);
  });
  try {
    await Promise.race([run(context), late]);
    return { outcome: "passed", ms: Date.now() - began };
  } catch (error) {
    const ms = Date.now() - began;
    if (error instanceof Skip) return { outcome: "not-run", reason: error.message, ms };
    return { outcome: "failed", message: String(error?.stack ?? error).slice(0, 1500), ms };
  } finally {
    clearTimeout(timer);
  }
}
