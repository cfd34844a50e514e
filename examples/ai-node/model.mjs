// Stands for a language model: it looks questions up, remembers everything else, and says what its tools gave it.
import { MockLanguageModelV3 } from "ai/test";

const usage = { inputTokens: { total: 0 }, outputTokens: { total: 0 } };
const answer = (part, reason) => ({ content: [part], finishReason: { unified: reason, raw: reason }, usage, warnings: [] });
const call = (toolName, input) => answer({ type: "tool-call", toolCallId: crypto.randomUUID(), toolName, input: JSON.stringify(input) }, "tool-calls");

export const model = new MockLanguageModelV3({
  doGenerate: async ({ prompt }) => {
    const last = prompt.at(-1);
    if (last.role === "tool") return answer({ type: "text", text: last.content.map(({ output }) => output.value).join("\n") }, "stop");
    const [{ text }] = last.content;
    return text.endsWith("?") ? call("recall_memory", { query: text }) : call("remember", { content: text });
  },
});
