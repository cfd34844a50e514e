// Stands in for a model behind an API of OpenAI's shape: it answers with what its system prompt says of the question's words.
interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

function answer(messages: Message[]): string {
  const [system, ...rest] = messages;
  const words = (rest.at(-1)?.content ?? "").toLowerCase().match(/\w{4,}/g) ?? [];
  const known = (system?.content ?? "").split("\n").filter((line) => words.some((word) => line.toLowerCase().includes(word)));
  return known.length > 0 ? `I remember: ${known.join(" ")}` : "Tell me more.";
}

export const openai = {
  chat: {
    completions: {
      async create({ messages }: { model: string; messages: Message[] }) {
        return { choices: [{ message: { role: "assistant", content: answer(messages) as string | null } }] };
      },
    },
  },
};

/** As the AI SDK's function of this name: the answer in pieces, and a word at its end. */
export function streamText({ system, messages, onFinish }: {
  model: string;
  system: string;
  messages: Message[];
  onFinish?: (event: { text: string }) => Promise<void> | void;
}) {
  const text = answer([{ role: "system", content: system }, ...messages]);
  const pieces = text.split(/(?<= )/);
  return {
    toTextStreamResponse(): Response {
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const piece = pieces.shift();
          if (piece !== undefined) return controller.enqueue(encoder.encode(piece));
          await onFinish?.({ text });
          controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": "text/plain; charset=utf-8" } });
    },
  };
}
