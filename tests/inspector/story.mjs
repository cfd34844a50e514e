// Something to look at: the demo's conversation, a document, a call that was retried, a deletion.
import { readFileSync } from "node:fs";

const CONVERSATION = new URL("../../demo/conversation.json", import.meta.url);

export function sender(url) {
  return async (method, path, body) => {
    const response = await fetch(url + path, { method, headers: { authorization: "Bearer test", "content-type": "application/json" }, body: body && JSON.stringify(body) });
    return { status: response.status, body: await response.json().catch(() => undefined) };
  };
}

export async function fill(url) {
  const send = sender(url);
  const { turns } = JSON.parse(readFileSync(CONVERSATION, "utf8"));
  for (const [at, { thread, time, role, content }] of turns.entries()) {
    await send("POST", "/v1/ingest", { user_id: "mara", thread_id: thread, type: "message", role, content, event_time: time, idempotency_key: `demo-${at + 1}` });
  }
  await send("POST", "/v6/documents", { user_id: "mara", project_id: "move", document_id: "papers", document_name: "Papers for the move", content: "# Passports\nIda's passport is valid until 2029.\n# Pixel\nThe EU pet passport is in the blue folder.\n" });
  await send("POST", "/v6/collections", { user_id: "mara", project_id: "move", collection_id: "folder", name: "Blue folder", ordered: true });
  await send("POST", "/v6/collections/folder/documents", { user_id: "mara", document_id: "papers" });
  await send("POST", "/v6/ingest", { user_id: "mara", conversation_id: "plan", project_id: "move", scope: "project", type: "message", role: "user", content: "Ask the doctor for a letter about the adrenaline pen, for the flight.", event_time: "2026-03-10T09:00:00Z" });
  await send("POST", "/v1/recall", { user_id: "mara", task: "Where do we live?", token_budget: 400 });
  await send("POST", "/_claiv/api/faults", { status: 503, times: 1, path: "/v1/ingest" });
  const turn = { user_id: "ben", type: "message", role: "user", content: "I take the night train", idempotency_key: "ben-1" };
  for (let attempt = 0; attempt < 3; attempt++) await send("POST", "/v1/ingest", turn);
  await send("POST", "/v1/forget", { user_id: "ben" });
}
