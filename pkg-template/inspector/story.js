// The demo's conversation as requests to ingest.
import conversation from "../../demo/conversation.json";

export const USER = "mara";

export function events() {
  return conversation.turns.map(({ thread, time, role, content }, at) => ({
    user_id: USER, thread_id: thread, type: "message", role, content, event_time: time, idempotency_key: `demo-${at + 1}`,
  }));
}
