// What every client is given, and what it gets back: the same event, the same request, the same two bodies.
export const KEY = "ck_bench_000000000000000000000000";

export const EVENT = { user_id: "user-123", type: "message", content: "User prefers dark mode and uses VS Code", thread_id: "thread-7" };

export const REQUEST = { user_id: "user-123", task: "Help the user configure their editor", token_budget: 2000 };

export const INGESTED = JSON.stringify({ event_id: "4f9d2c7e-81b0-4a36-9d2c-7e81b05a364f", deduped: false });

/** Where nothing listens: for clients whose fetch is the stub. */
export const NOWHERE = "http://127.0.0.1:9";

/** An answer to a recall of about 8 KB. */
export const RECALLED = JSON.stringify({
  system_context: "What is known about the user, most important first.",
  memory_blocks: Array.from({ length: 40 }, (_, i) => ({
    type: ["preference", "fact", "episode"][i % 3],
    content: `Memory ${i}: the user said that the editor's theme should be dark, and that VS Code is what they write Rust in.`,
    source_ids: [`event-${1000 + i}`, `event-${2000 + i}`],
    score: 1 - i / 64,
  })),
  citations: Array.from({ length: 12 }, (_, i) => `event-${1000 + i}`),
  token_estimate: 1843,
});

export const CALLS = {
  ingest: (client) => client.ingest(EVENT),
  recall: (client) => client.recall(REQUEST),
};

/** In place of the network: a response of its own for every call, at once. */
export const stub = async (input) => {
  const url = typeof input === "string" ? input : input.url ?? String(input);
  return new Response(url.endsWith("recall") ? RECALLED : INGESTED, { status: 200, headers: { "content-type": "application/json" } });
};

/** Clients are only compared if they do the same: ends with an error unless they do. */
export async function check(client, name) {
  for (const [call, answer] of [["ingest", INGESTED], ["recall", RECALLED]]) {
    const got = await CALLS[call](client);
    if (JSON.stringify(got) !== answer) throw new Error(`${name}: ${call} gave ${JSON.stringify(got)?.slice(0, 200)}`);
  }
}
