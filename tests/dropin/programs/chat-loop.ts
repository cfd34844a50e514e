// A chat that remembers: what is known goes into the system prompt, what was said goes into memory.
import { ClaivClient, type IngestRequest, type RecallResponse } from "service-client";
import { openai } from "./model.ts";

const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY!, baseUrl: process.env.CLAIV_BASE_URL, timeout: 10_000, maxRetries: 2 });

async function remember(user_id: string, conversation_id: string, role: IngestRequest["role"], content: string): Promise<void> {
  const event: IngestRequest = { user_id, conversation_id, type: "message", role, content, event_time: Math.floor(Date.now() / 1000) };
  const { event_id, deduped } = await claiv.ingest(event);
  if (!event_id || deduped) throw new Error(`this event is not new: ${event_id}`);
}

/** Says `lines` one after the other and gives the answers. */
export async function chat(user_id: string, conversation_id: string, lines: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const line of lines) {
    const memory: RecallResponse = await claiv.recall({ user_id, conversation_id, query: line, limits: { answer_facts: 5 }, reference_time: null });
    const completion = await openai.chat.completions.create({
      model: "a-model",
      messages: [{ role: "system", content: memory.llm_context.text }, { role: "user", content: line }],
    });
    const reply = completion.choices[0]?.message.content ?? "";
    await remember(user_id, conversation_id, "user", line);
    await remember(user_id, conversation_id, "assistant", reply);
    answers.push(reply);
  }
  return answers;
}

/** Ends a conversation for good, and gives the receipt's number of events. */
export async function leave(user_id: string, conversation_id: string): Promise<number> {
  const { receipt_id, deleted_counts } = await claiv.forget({ user_id, conversation_id });
  const receipt = await claiv.getDeletionReceipt(receipt_id);
  return receipt.scope.conversation_id === conversation_id ? deleted_counts.events : -1;
}
