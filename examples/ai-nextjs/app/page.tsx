"use client";
import { type FormEvent, useState } from "react";

const textOf = (line: string): string => {
  const part = line.startsWith("data: {") ? JSON.parse(line.slice("data: ".length)) : {};
  return part.type === "text-delta" ? part.delta : "";
};

// Each message is a conversation of its own here, so that what is known comes from memory alone. Use `useChat` of @ai-sdk/react in a real one.
export default function Page() {
  const [lines, setLines] = useState<string[]>([]);
  const [draft, setDraft] = useState("");

  async function send(event: FormEvent) {
    event.preventDefault();
    const message = { id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text: draft }] };
    setDraft("");
    setLines((before) => [...before, `You: ${draft}`, "Bot: "]);
    const response = await fetch("/api/chat", { method: "POST", body: JSON.stringify({ id: crypto.randomUUID(), messages: [message] }) });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const all = (rest + value).split("\n");
      rest = all.pop()!;
      const text = all.map(textOf).join("");
      setLines((before) => [...before.slice(0, -1), before.at(-1) + text]);
    }
  }

  return (
    <main>
      <h1>A chat that remembers</h1>
      {lines.map((line, at) => <p key={at}>{line}</p>)}
      <form onSubmit={send}>
        <label>Message <input value={draft} onChange={(event) => setDraft(event.target.value)} required /></label> <button>Send</button>
      </form>
    </main>
  );
}
