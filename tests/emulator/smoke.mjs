// Calls each endpoint of the real service once, and compares the shapes of its responses with those of the emulator:
//   CLAIV_API_KEY=… node tests/emulator/smoke.mjs
// CLAIV_BASE_URL names another service. It uses a user of its own and deletes everything of that user at the end, except receipts and usage counters,
// which the service cannot delete. It is not part of `make test`.
import { randomUUID } from "node:crypto";
import { ClaivEmulator } from "claiv-memory/emulator";

const SERVICE = process.env.CLAIV_BASE_URL ?? "https://api.claiv.io";
const TIMEOUT_MS = 30_000;

/** Calls each endpoint, then deletes everything. Returns the responses by endpoint, and what remains of the user. */
async function callAll(call, user_id) {
  const answers = new Map();
  const ask = async (method, path, body, name = path) => {
    const answer = await call(method, path, body);
    answers.set(`${method} ${name}`, answer);
    return answer.body;
  };
  const post = (path, body, name) => ask("POST", path, { user_id, ...body }, name);
  const get = (path, name) => ask("GET", path, undefined, name);
  const [document_id, collection_id, thread_id, project_id] = ["doc", "col", "thread", "project"].map((kind) => `smoke-${kind}-${user_id}`);
  const of = { document_id, user_id };
  const message = { type: "message", role: "user", content: "I prefer window seats on long flights" };
  const recall = { task: "Which seat do I prefer?", token_budget: 500 };
  try {
    await get("/healthz");
    await post("/v1/ingest", { ...message, thread_id });
    await post("/v3/ingest", { ...message, thread_id });
    await post("/v6/ingest", { ...message, conversation_id: thread_id, project_id });
    await post("/v6/documents", { document_id, document_name: "Smoke test", project_id, content: "# Seats\nWindow seats are in column A." });
    await post("/v6/collections", { collection_id, project_id, name: "Smoke test", ordered: true });
    await ask("POST", `/v6/collections/${collection_id}/documents`, of, "/v6/collections/{id}/documents");
    await post("/v1/recall", recall);
    await post("/v2/recall", recall);
    const { recall_id } = await post("/v3/recall", recall);
    const facts = await post("/v6/recall", { query: recall.task, conversation_id: thread_id, project_id, include: { debug: true } });
    if (recall_id) await ask("POST", `/v3/recall/${recall_id}/feedback`, { fact_ids_used: [] }, "/v3/recall/{id}/feedback");
    const ofV6 = facts.recall_id ?? facts.debug?.recall_id;
    if (ofV6) await ask("POST", `/v6/recall/${ofV6}/feedback`, { selected_ids: [] }, "/v6/recall/{id}/feedback");
    await get(`/v6/documents?user_id=${user_id}`, "/v6/documents");
    await get(`/v6/collections?user_id=${user_id}`, "/v6/collections");
    await get(`/v6/collections/${collection_id}?user_id=${user_id}`, "/v6/collections/{id}");
    for (const what of ["summary", "breakdown", "limits"]) await get(`/v1/usage/${what}`);
    await ask("DELETE", `/v6/collections/${collection_id}/documents/${document_id}?user_id=${user_id}`, undefined, "/v6/collections/{id}/documents/{id}");
  } finally {
    // Runs also after an error, so that nothing is left behind.
    const attempts = [
      () => ask("DELETE", `/v6/collections/${collection_id}?user_id=${user_id}`, undefined, "/v6/collections/{id}"),
      () => ask("DELETE", `/v6/documents/${document_id}?user_id=${user_id}`, undefined, "/v6/documents/{id}"),
      () => post("/v6/forget", { conversation_id: thread_id }),
      () => post("/v3/forget", { immediate: true }),
      () => post("/v2/forget", {}),
      () => post("/v1/forget", {}),
    ];
    for (const attempt of attempts) await attempt().catch((error) => console.error(`smoke: cleaning up: ${error.message}`));
  }
  const { receipt_id } = answers.get("POST /v1/forget")?.body ?? {};
  await get(`/v1/deletion-receipts?user_id=${user_id}`, "/v1/deletion-receipts");
  if (receipt_id) await get(`/v1/deletion-receipts/${receipt_id}`, "/v1/deletion-receipts/{id}");
  const left = await call("POST", "/v1/recall", { user_id, ...recall });
  const documents = await call("GET", `/v6/documents?user_id=${user_id}`);
  const remains = [...(left.body.memory_blocks ?? []), ...(documents.body.documents ?? [])];
  return { answers, remains };
}

/** Sends requests and parses their responses. */
function caller(fetch, base, key) {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) };
    } catch {
      throw new Error(`${method} ${path}: ${response.status}, which is no JSON: ${text.slice(0, 200)}`);
    }
  };
}

const kindOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** The differences in shape of two values: names and kinds of fields. Null is equal to any kind, and an empty array to any array. */
function* differences(path, real, own) {
  const [kind, other] = [kindOf(real), kindOf(own)];
  if (kind === "null" || other === "null") return;
  if (kind !== other) yield `${path}: the service has ${kind}, the emulator ${other}`;
  else if (kind === "array" && real.length > 0 && own.length > 0) yield* differences(`${path}[]`, real[0], own[0]);
  else if (kind === "object") {
    for (const name of new Set([...Object.keys(real), ...Object.keys(own)])) {
      if (!(name in own)) yield `${path}.${name}: only the service has it`;
      else if (!(name in real)) yield `${path}.${name}: only the emulator has it`;
      else yield* differences(`${path}.${name}`, real[name], own[name]);
    }
  }
}

const key = process.env.CLAIV_API_KEY;
if (!key) {
  console.log("smoke: CLAIV_API_KEY is not set; nothing was done.");
  process.exit(0);
}
const user_id = `smoke-${randomUUID()}`;
console.log(`smoke: ${SERVICE}, as the user ${user_id}`);
const real = await callAll(caller(fetch, SERVICE, key), user_id);
const own = await callAll(caller(new ClaivEmulator().fetch, "http://localhost", "any"), user_id);
let problems = 0;
const report = (sentence) => {
  problems++;
  console.log(`smoke:   ${sentence}`);
};
for (const name of new Set([...real.answers.keys(), ...own.answers.keys()])) {
  const [one, other] = [real.answers.get(name), own.answers.get(name)];
  console.log(`smoke: ${name}: ${one?.status ?? "not asked"}`);
  if (!one || !other) continue;
  if (one.status !== other.status) report(`the emulator answers ${other.status}; ${JSON.stringify(one.body).slice(0, 300)}`);
  else for (const difference of differences("", one.body, other.body)) report(difference);
}
if (real.remains.length > 0) report(`something is left behind: ${JSON.stringify(real.remains).slice(0, 300)}`);
console.log(`smoke: ${real.answers.size} endpoints, ${problems} differences`);
process.exitCode = problems === 0 ? 0 : 1;
