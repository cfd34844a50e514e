// app/api/chat/route.ts of a Next.js application: the answer is streamed, and both sides of it are remembered at its end.
import { ClaivClient } from "service-client";
import { streamText } from "./model.ts";

const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY!, baseUrl: process.env.CLAIV_BASE_URL });

interface Body {
  userId: string;
  conversationId: string;
  projectId?: string;
  messages: { role: "user" | "assistant"; content: string }[];
}

export async function POST(request: Request): Promise<Response> {
  const { userId: user_id, conversationId: conversation_id, projectId, messages } = (await request.json()) as Body;
  const query = messages.at(-1)?.content ?? "";
  const scope = { user_id, conversation_id, ...(projectId ? { project_id: projectId } : {}) };

  const memory = await claiv.recall({ ...scope, query });
  const result = streamText({
    model: "a-model",
    system: `You are helpful.\n${memory.llm_context.text}`,
    messages,
    async onFinish({ text }) {
      await claiv.ingest({ ...scope, type: "message", role: "user", content: query });
      await claiv.ingest({ ...scope, type: "message", role: "assistant", content: text, metadata: { facts: memory.llm_context.fact_ids } });
    },
  });
  return result.toTextStreamResponse();
}
