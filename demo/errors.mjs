// One error of each kind. What needs a service that fails on demand is shown with an emulator inside this process.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import {
  ClaivAbortError, ClaivApiError, ClaivAuthenticationError, ClaivBadRequestError, ClaivClient, ClaivConflictError, ClaivError,
  ClaivNetworkError, ClaivNotFoundError, ClaivPermissionError, ClaivRateLimitError, ClaivResponseError, ClaivServerError,
  ClaivTimeoutError, ClaivValidationError,
} from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";
import { cut, dim, heading, line, wrapped, yellow } from "./screen.mjs";

const EVENT = { user_id: "somebody", type: "message", content: "Something worth remembering" };
const ASK = { user_id: "somebody", task: "Anything", token_budget: 200 };

/** A client of an emulator that is told to fail. */
function clientOf(emulatorOptions, fault, clientOptions) {
  const emulator = new ClaivEmulator({ apiKeys: ["known-key"], ...emulatorOptions });
  if (fault) emulator.addFault(fault);
  return new ClaivClient({ apiKey: "known-key", fetch: emulator.fetch, ...clientOptions });
}

/** A port on which nothing listens. */
async function deadPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Each: the class, what makes it happen, and the fields to look at. */
const KINDS = [
  [ClaivValidationError, () => clientOf().recall({ user_id: "", task: "Anything", token_budget: 100 }),
    ({ issues }) => ({ issues: issues.map(({ path }) => path) })],
  [ClaivBadRequestError, () => clientOf({}, undefined, { validate: false }).recall({ ...ASK, token_budget: 100 }), api],
  [ClaivAuthenticationError, () => clientOf({}, undefined, { apiKey: "unknown-key" }).getUsageLimits(), api],
  [ClaivPermissionError, () => clientOf({}, { status: 403 }).forget({ user_id: "somebody" }), api],
  [ClaivNotFoundError, () => clientOf().getDeletionReceipt("rcpt_of_nobody"), api],
  [ClaivConflictError, () => clientOf({}, { status: 409 }).ingest(EVENT), api],
  [ClaivRateLimitError, async () => {
    const claiv = clientOf({ quota: { ingestEvents: 1, retryAfter: 3600 } });
    await claiv.ingest(EVENT);
    return claiv.ingest(EVENT);
  }, ({ status, code, retryAfterMs, attempts }) => ({ status, code, retryAfterMs, attempts: attempts.length })],
  [ClaivServerError, () => clientOf({}, { status: 503, times: 3 }).ingest(EVENT, { maxRetryDelay: 20 }),
    ({ attempts, mayHaveBeenApplied, idempotencyKey }) => ({ attempts: attempts.length, mayHaveBeenApplied, idempotencyKey })],
  [ClaivApiError, () => clientOf({ maxBodyBytes: 1000 }).ingest({ ...EVENT, content: "x".repeat(2000) }), api],
  [ClaivTimeoutError, () => clientOf({}, { delay: Infinity }).recall(ASK, { timeout: 100 }),
    ({ timeoutMs, scope, mayHaveBeenApplied }) => ({ timeoutMs, scope, mayHaveBeenApplied })],
  [ClaivAbortError, () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("the user went away")), 50);
    return clientOf({}, { delay: Infinity }).recall(ASK, { signal: controller.signal });
  }, ({ name, cause }) => ({ name, cause: cause.message })],
  [ClaivNetworkError, async () => new ClaivClient({ apiKey: "known-key", baseUrl: `http://127.0.0.1:${await deadPort()}`, maxRetryDelay: 20 }).recall(ASK),
    ({ attempts, cause }) => ({ attempts: attempts.length, cause: cause.cause?.code ?? cause.message })],
  [ClaivResponseError, () => clientOf({}, { status: 200, body: "<h1>Sign in to the Wi-Fi</h1>" }).recall(ASK),
    ({ status, excerpt }) => ({ status, excerpt })],
  [ClaivError, () => {
    const claiv = clientOf();
    claiv.close();
    return claiv.recall(ASK);
  }, () => ({})],
];

function api({ status, code, requestId }) {
  return { status, code, requestId };
}

export async function showErrors() {
  heading("Errors: one of each kind");
  for (const [Class, provoke, fields] of KINDS) {
    const error = await provoke().then(() => undefined, (thrown) => thrown);
    assert.ok(error instanceof Class && error instanceof ClaivError, `this was to be a ${Class.name}: ${error}`);
    // The error must be of exactly this class, not of a subclass.
    assert.equal(error.constructor.name, Class.name);
    line(`   ${yellow(Class.name)}`);
    line(wrapped(error.message, 5));
    const shown = Object.entries(fields(error)).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
    if (shown.length > 0) line(dim(`     ${cut(shown.join(", "), 5)}`));
  }
}
