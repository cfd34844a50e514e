#!/usr/bin/env node
// The demo's session:  node session.mjs http://127.0.0.1:8787   plays it against an emulator,
//                      node session.mjs                         against the service of CLAIV_API_KEY and CLAIV_BASE_URL.
// It ends with 0 only if everything was as it should be.
import { randomUUID } from "node:crypto";
import { ClaivClient, ClaivError } from "claiv-memory";
import { showErrors } from "./errors.mjs";
import { green, line } from "./screen.mjs";
import { play } from "./story.mjs";

const emulator = process.argv[2];
const claiv = emulator
  ? new ClaivClient({ apiKey: "demo-key", baseUrl: emulator })
  : ClaivClient.fromEnv(undefined, { totalTimeout: 120_000 });

// A user of its own, so that no other user's memory is touched.
const user = `demo-${randomUUID()}`;

const interrupted = new AbortController();
process.on("SIGTERM", () => interrupted.abort());
process.on("SIGINT", () => {
  // Sent twice on purpose.
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
});

let stored = false;
try {
  await claiv.healthCheck({ signal: interrupted.signal });
  stored = true;
  await play(claiv, { user, exact: emulator !== undefined, signal: interrupted.signal });
  stored = false;
  await showErrors();
  line("\nSee such a memory in a browser, block by block: make inspect");
  line(`${green("Everything was as it should be.")}`);
} catch (error) {
  if (interrupted.signal.aborted) {
    line("\nInterrupted.");
    process.exitCode = 130;
  } else {
    console.error(`\nThe demo failed: ${error instanceof ClaivError ? `${error.name}: ${error.message}` : error.stack}`);
    process.exitCode = 1;
  }
} finally {
  // What was stored at a real service must not stay there when the session broke off in the middle.
  if (stored && !emulator) await forgetUser();
  claiv.close();
}

async function forgetUser() {
  try {
    await claiv.forget({ user_id: user });
    line(`The user ${user} is forgotten.`);
  } catch (error) {
    console.error(`The user ${user} could not be forgotten: ${error.message}`);
    process.exitCode ||= 1;
  }
}
