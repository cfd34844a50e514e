// Formats the log line of a request: what it was, how it ended, and what it did.

/** How many characters of a user id or an error code are shown. */
const MAX_LENGTH = 64;
/** The shortest API key that is replaced: a shorter one could be part of any text. */
const MIN_KEY_LENGTH = 8;

/** The JSON object in a body; empty if there is none. */
function parse(bytes) {
  try {
    const value = JSON.parse(bytes?.toString("utf8") ?? "");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Makes text of a request safe for a terminal: the sender may have put control characters into it, or the API key. */
function printable(text, key) {
  const hidden = key?.length >= MIN_KEY_LENGTH ? text.replaceAll(key, "[redacted]") : text;
  const short = hidden.length > MAX_LENGTH ? `${hidden.slice(0, MAX_LENGTH)}…` : hidden;
  const plain = /^[\x21-\x7e…]+$/.test(short) && !short.includes('"');
  return plain ? short : JSON.stringify(short).replace(/[^\x20-\x7e…]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What the request did, as `name=value`. `request` and `response` are the bodies. */
function* facts(path, request, response, key) {
  if (typeof request.user_id === "string") yield `user=${printable(request.user_id, key)}`;
  if (typeof response.error?.code === "string") yield `error=${printable(response.error.code, key)}`;
  if (typeof response.deduped === "boolean") yield `deduped=${response.deduped}`;
  if (Array.isArray(response.memory_blocks)) yield `blocks=${response.memory_blocks.length}`;
  const lists = [response.answer_facts, response.supporting_facts, response.background_context].filter(Array.isArray);
  if (lists.length > 0) yield `facts=${lists.reduce((sum, list) => sum + list.length, 0)}`;
  if (Number.isFinite(response.token_estimate)) yield `tokens=${response.token_estimate}`;
  const deleted = response.deleted_counts?.events ?? response.events_tombstoned;
  if (path.endsWith("/forget") && Number.isFinite(deleted)) yield `deleted=${deleted}`;
  if (Number.isFinite(response.spans_created)) yield `spans=${response.spans_created}`;
}

/**
 * The line: time, method, path without the query, status, duration, request id, and what the request did.
 *
 * @param {import("./serve.js").Done} done
 */
export function logLine({ method, url, status, ms, requestId, key, requestBody, responseBody }) {
  const path = url.split("?")[0];
  const what = [...facts(path, parse(requestBody), parse(responseBody), key)];
  return [new Date().toISOString(), method, path.replace(/[^\x21-\x7e]/g, "?"), status ?? "dropped", ms, "ms", requestId, ...what].join(" ");
}
