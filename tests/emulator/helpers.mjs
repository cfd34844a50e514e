// Sends requests to an emulator, in process or over HTTP.
import { ClaivEmulator } from "claiv-memory/emulator";

export const BASE = "https://api.claiv.test";
export const KEY = "key-of-these-tests";

/** An emulator with functions that send requests to it; see `calls`. */
export function start(options) {
  const emulator = new ClaivEmulator(options);
  return { emulator, ...calls(emulator.fetch, BASE) };
}

/**
 * Functions that send requests: `call`, `post` and `get` resolve with status, parsed body, text and headers; `ingest`, `recall` and `contents` use V1
 * for the user "u".
 */
export function calls(fetch, base) {
  async function call(method, path, body, { headers, ...init } = {}) {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...init,
    });
    const text = await response.text();
    let json;
    try {
      json = JSON.parse(text);
    } catch {
      json = text;
    }
    return { status: response.status, body: json, text, headers: response.headers };
  }
  const post = (path, body, init) => call("POST", path, body, init);
  const get = (path, init) => call("GET", path, undefined, init);
  const ingest = async (content, more = {}) => (await post("/v1/ingest", { user_id: "u", type: "message", content, ...more })).body;
  const recall = async (task, more = {}) => (await post("/v1/recall", { user_id: "u", task, token_budget: 8000, ...more })).body;
  const contents = async (task, more) => (await recall(task, more)).memory_blocks.map((block) => block.content);
  return { call, post, get, ingest, recall, contents };
}
