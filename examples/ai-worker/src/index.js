// A chat that streams its answer and remembers both sides of it:  POST /chat/<conversation> with the message as the body.
// In a real one the user comes from a session.
import { streamText, wrapLanguageModel } from "ai";
import { ClaivClient } from "claiv-memory";
import { claivMiddleware } from "claiv-memory/ai";
import { model } from "./model.js";

/** One client serves all requests of an isolate. It is made by the first, because the key comes with the request's env. */
let claiv;

export default {
  async fetch(request, env, ctx) {
    const [, chat, conversation_id] = new URL(request.url).pathname.split("/");
    if (request.method !== "POST" || chat !== "chat" || !conversation_id) return new Response("Not found", { status: 404 });
    claiv ??= ClaivClient.fromEnv(env);
    // A middleware belongs to one user and one conversation: one is made for each request.
    const middleware = claivMiddleware({
      client: claiv,
      user_id: "ada",
      conversation_id,
      turnId: request.headers.get("idempotency-key") ?? crypto.randomUUID(),
      waitUntil: (promise) => ctx.waitUntil(promise),
      onError: (error) => console.warn(`no memory: ${error.message}`),
    });
    const result = streamText({
      model: wrapLanguageModel({ model, middleware }),
      prompt: await request.text(),
      // Without the signal a visitor who leaves is noticed by nobody, and what was said until then is lost.
      abortSignal: request.signal,
      onError: ({ error }) => console.warn(String(error)),
    });
    return result.toTextStreamResponse();
  },
};
