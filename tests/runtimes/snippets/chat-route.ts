// app/api/chat/route.ts
import { after } from "next/server";
import { ClaivClient } from "claiv-memory/v6";

let claiv: ClaivClient | undefined;

export async function POST(request: Request) {
  // Not at the top of the file: `next build` loads it, and need not know the key.
  const memory = (claiv ??= ClaivClient.fromEnv());
  const { user_id, conversation_id, content } = await request.json();

  const { llm_context } = await memory.recall({ user_id, conversation_id, query: content }, { signal: request.signal });
  after(async () => {
    await memory.ingest({ user_id, conversation_id, type: "message", role: "user", content });
  });
  return new Response(`I know this: ${llm_context.text}`);
}
