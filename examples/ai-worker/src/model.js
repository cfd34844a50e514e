// Stands for a language model: it says, word by word, what it was given.
import { simulateReadableStream } from "ai";

const usage = { inputTokens: { total: 0 }, outputTokens: { total: 0 } };

function answerTo(prompt) {
  const texts = prompt.findLast(({ role }) => role === "user").content.map(({ text }) => text);
  // What the user said, and not what this model said of it.
  const known = texts.slice(0, -1).join("\n").match(/^- .*\(user, .*/gm)?.slice(0, 3);
  return `You said "${texts.at(-1)}". ${known ? `What I remember: ${known.join("; ")}` : "I remember nothing that bears on it."}`;
}

export const model = {
  specificationVersion: "v3",
  provider: "example",
  modelId: "echo",
  supportedUrls: {},
  async doGenerate({ prompt }) {
    return { content: [{ type: "text", text: answerTo(prompt) }], finishReason: { unified: "stop", raw: "stop" }, usage, warnings: [] };
  },
  async doStream({ prompt }) {
    const words = answerTo(prompt).match(/\S+\s*/g).map((delta) => ({ type: "text-delta", id: "1", delta }));
    const chunks = [
      { type: "stream-start", warnings: [] }, { type: "text-start", id: "1" }, ...words, { type: "text-end", id: "1" },
      { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage },
    ];
    return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: 20 }) };
  },
};
