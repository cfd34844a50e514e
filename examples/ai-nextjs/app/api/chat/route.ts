// A chat that streams its answer and remembers both sides of it. It takes what `useChat` of @ai-sdk/react sends.
import { type UIMessage, convertToModelMessages, streamText, wrapLanguageModel } from "ai";
import { ClaivClient } from "claiv-memory";
import { claivMiddleware } from "claiv-memory/ai";
import { after } from "next/server";
import { model } from "./model";

let claiv: ClaivClient | undefined;

export async function POST(request: Request) {
  const { id, messages }: { id: string; messages: UIMessage[] } = await request.json();
  // Made by the first request: a build has no key.
  claiv ??= ClaivClient.fromEnv();
  // What is being stored when the answer has been sent, or has broken off, is waited for.
  const saving: Promise<unknown>[] = [];
  after(() => Promise.all(saving));
  const middleware = claivMiddleware({
    client: claiv,
    // In a real one: (await auth()).user.id. It never comes from the request's body.
    user_id: "ada",
    conversation_id: id,
    // No turnId: the page sends the whole conversation, by which a turn is known, also one that is edited or answered anew.
    waitUntil: (promise) => saving.push(promise),
    onError: (error) => console.warn("no memory:", error),
  });
  const result = streamText({
    // With a real model: openai("gpt-5"), of @ai-sdk/openai.
    model: wrapLanguageModel({ model: model, middleware }),
    messages: await convertToModelMessages(messages),
    abortSignal: request.signal,
  });
  return result.toUIMessageStreamResponse();
}
