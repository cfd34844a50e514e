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

/** What the request did, as `name=value`. `asked` and `answered` are the bodies. */
function* facts(path, asked, answered, key) {
  if (typeof asked.user_id === "string") yield `user=${printable(asked.user_id, key)}`;
  if (typeof answered.error?.code === "string") yield `error=${printable(answered.error.code, key)}`;
  if (typeof answered.deduped === "boolean") yield `deduped=${answered.deduped}`;
  if (Array.isArray(answered.memory_blocks)) yield `blocks=${answered.memory_blocks.length}`;
  const lists = [answered.answer_facts, answered.supporting_facts, answered.background_context].filter(Array.isArray);
  if (lists.length > 0) yield `facts=${lists.reduce((sum, list) => sum + list.length, 0)}`;
  if (Number.isFinite(answered.token_estimate)) yield `tokens=${answered.token_estimate}`;
  const deleted = answered.deleted_counts?.events ?? answered.events_tombstoned;
  if (path.endsWith("/forget") && Number.isFinite(deleted)) yield `deleted=${deleted}`;
  if (Number.isFinite(answered.spans_created)) yield `spans=${answered.spans_created}`;
}

/**
 * The line: time, method, path without the query, status, duration, request id, and what the request did.
 *
 * @param {import("./serve.js").Done} done
 */
export function logLine({ method, url, status, ms, requestId, key, asked, answered }) {
  const path = url.split("?")[0];
  const what = [...facts(path, parse(asked), parse(answered), key)];
  return [new Date().toISOString(), method, path.replace(/[^\x21-\x7e]/g, "?"), status ?? "dropped", ms, "ms", requestId, ...what].join(" ");
}
