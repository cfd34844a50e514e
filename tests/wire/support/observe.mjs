// One case in both clients: what went over the wire, when, and what came of it, in the same words for both.
import { ClaivApiError, ClaivClient, ClaivError, ClaivNetworkError, ClaivResponseError, ClaivTimeoutError, ClaivValidationError } from "claiv-memory";
import { KEY } from "../cases/row.mjs";
import { argumentsHere, nameHere } from "../methods.mjs";
import { record } from "./recorder.mjs";

/** Runs `call` against a server with the case's script. */
async function observed(row, call) {
  const server = await record(row.script);
  try {
    const { outcome, waits } = await call(server.url + (row.prefix ?? ""));
    return { attempts: server.attempts, waits: waits ?? server.waits(), outcome };
  } finally {
    server.close();
  }
}

/** The client's options in Python's words: seconds, snake_case. */
const pythonOptions = ({ apiKey = KEY, baseUrl, timeout, maxRetries }, url) => ({
  api_key: apiKey,
  base_url: baseUrl ?? url,
  ...(timeout !== undefined && { timeout: timeout / 1000 }),
  ...(maxRetries !== undefined && { max_retries: maxRetries }),
});

export const inPython = (row, python) =>
  observed(row, async (url) => {
    const { args, kwargs, skipWaits, async } = row;
    const { outcome, waits } = await python.call(row.method, { args, kwargs, skipWaits, async, client: pythonOptions(row.client, url) });
    return { outcome, ...(skipWaits && { waits }) };
  });

export const here = (row, version) =>
  observed(row, async (url) => {
    try {
      // Without `x-claiv-client`, which is ours alone, the headers are those of the contract, all of them.
      const client = new ClaivClient({ apiKey: KEY, baseUrl: url, clientHeader: false, ...row.client, ...row.here });
      if (row.method === null) return { outcome: { result: null } };
      const { args, kwargs } = revived(row);
      return { outcome: { result: await client[nameHere(row.method, version)](...argumentsHere(row.method, version, { args, kwargs })) } };
    } catch (error) {
      return { outcome: { error: errorFields(error) } };
    }
  });

const revived = (row) =>
  JSON.parse(JSON.stringify({ args: row.args, kwargs: row.kwargs }), (_, value) =>
    value?.$float === undefined ? value : { nan: NaN, inf: Infinity }[value.$float]);

function errorFields(error) {
  if (error instanceof ClaivApiError) {
    const { status, code, requestId, details, message } = error;
    return { kind: "api", status, code, request_id: requestId, details: details ?? null, message };
  }
  if (error instanceof ClaivTimeoutError) return { kind: "timeout", ms: error.timeoutMs };
  if (error instanceof ClaivNetworkError) return { kind: "network" };
  if (error instanceof ClaivResponseError) return { kind: "response", status: error.status };
  if (error instanceof ClaivValidationError) return { kind: "validation", paths: error.issues.map(({ path }) => path).sort() };
  if (error instanceof ClaivError) return { kind: "other", message: error.message };
  throw error;
}
