// Responses as bytes, and the answers of a service without faults.

/** A response's head. `headers` may repeat a name by giving an array. */
export function head(status, headers = {}, { version = "HTTP/1.1", reason = "Because" } = {}) {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  return Buffer.from(`${version} ${status} ${reason}\r\n${lines.join("")}\r\n`, "latin1");
}

/** A whole response with its Content-Length. */
export function response(status, body, headers = {}, options) {
  const bytes = Buffer.from(body);
  return Buffer.concat([head(status, { "content-length": bytes.length, ...headers }, options), bytes]);
}

/** A whole response of JSON. */
export function json(status, value, headers = {}) {
  return response(status, JSON.stringify(value), { "content-type": "application/json", ...headers });
}

/** A chunk of a chunked body. */
export function chunk(text) {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** What a service that is well answers to a request. */
export function rightAnswer({ path }) {
  if (path === "/v1/ingest") return { event_id: "evt_1", deduped: false };
  if (path === "/v1/recall") return { system_context: "", memory_blocks: [], citations: [], token_estimate: 0 };
  if (path === "/v1/forget") return { receipt_id: "rcp_1", deleted_counts: {} };
  return { plan: "free" };
}

/** The scenario of a service that is well. */
export function healthy({ request, write }) {
  write(json(200, rightAnswer(request)));
}
