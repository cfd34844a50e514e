// A chat endpoint that remembers: it recalls before it answers, and ingests once the answer is out.
//   POST /chat { "user": "ada", "thread": "t-1", "message": "…" }  ->  { "reply": "…" }
// In a real one the user comes from a session, never from the body.
import { ClaivClient, ClaivError } from "claiv-memory";

/** One client serves all requests of an isolate. It is made by the first, because the key comes with the request's env. */
let claiv;

/** Stands for a language model: it gets what is remembered and a message. This one only says what it was given. */
async function model(memory, message) {
  return `You said "${message}". ${memory ? `What I remember: ${memory}` : "I remember nothing that bears on it."}`;
}

/** What is remembered that bears on a message. A chat without memory is better than none. */
async function recall(user_id, message, signal) {
  try {
    const pack = await claiv.recall({ user_id, task: message, token_budget: 500 }, { signal, totalTimeout: 3000 });
    return pack.memory_blocks.map(({ content }) => content).join("; ");
  } catch (error) {
    if (!(error instanceof ClaivError)) throw error;
    console.warn(`no memory for this answer: ${error.message}`);
    return "";
  }
}

async function remember(user_id, thread_id, message, reply) {
  const event = { user_id, thread_id, type: "message" };
  const results = await claiv.ingestMany([{ ...event, role: "user", content: message }, { ...event, role: "assistant", content: reply }]);
  for (const { reason } of results) if (reason) console.error(`not remembered: ${reason.message}`);
}

export default {
  async fetch(request, env, ctx) {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/chat") return new Response("Not found", { status: 404 });
    const { user, thread, message } = await request.json().catch(() => ({}));
    if (![user, thread, message].every((text) => typeof text === "string" && text !== "")) {
      return Response.json({ error: "user, thread and message must be texts" }, { status: 400 });
    }
    claiv ??= ClaivClient.fromEnv(env);
    const reply = await model(await recall(user, message, request.signal), message);
    // waitUntil: the answer does not wait for this, and the runtime lets it finish after the answer is sent.
    ctx.waitUntil(remember(user, thread, message, reply));
    return Response.json({ reply });
  },
};
