// Runs the programs and says what came of each: what every runtime must do alike.
import { ClaivClient, type RecallFact } from "service-client";
import { chat, leave } from "./chat-loop.ts";
import { POST as chatRoute } from "./chat-route.ts";
import { DELETE as deleteDocument, GET as listDocuments, POST as uploadDocument } from "./documents-route.ts";
import { made, describeFailure } from "./failures.ts";
import { receiptsPage, usagePage } from "./pages.ts";

interface Result {
  group: string;
  name: string;
  outcome: "passed" | "failed";
  message?: string;
  ms: number;
}

function has(text: string, ...parts: string[]): void {
  for (const part of parts) if (!text.includes(part)) throw new Error(`${JSON.stringify(part)} is not in ${JSON.stringify(text)}`);
}

function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

const post = (body: unknown) => new Request("http://localhost/api/chat", { method: "POST", body: JSON.stringify(body) });

const CASES: Record<string, (user: string) => Promise<void>> = {
  async "a chat loop"(user) {
    const answers = await chat(user, "kitchen", ["I live in Lisbon", "Which city do I live in? Is it Lisbon?"]);
    same(answers[0], "Tell me more.");
    has(answers[1] ?? "", "I remember: ", "I live in Lisbon");
    same(await leave(user, "kitchen"), 4);
    has(await receiptsPage(user), "<li>kitchen: 4 events, done</li>");
  },

  async "a chat route with streaming"(user) {
    const ask = async (content: string) => (await chatRoute(post({ userId: user, conversationId: "route", messages: [{ role: "user", content }] }))).text();
    same(await ask("My bicycle is green"), "Tell me more.");
    has(await ask("What colour has my bicycle?"), "My bicycle is green");
  },

  async "a document route, and a chat within its project"(user) {
    const form = new FormData();
    form.set("userId", user);
    form.set("projectId", `house-${user}`);
    form.set("file", new File(["# Boiler\n\nThe boiler needs 1.5 bar.\n\n# Roof\n\nThe roof is new."], "house.md", { type: "text/markdown" }));
    const uploaded = await uploadDocument(new Request("http://localhost/api/documents", { method: "POST", body: form }));
    same(uploaded.status, 201);
    const { id, name, sections, status } = (await uploaded.json()) as { id: string; name: string; sections: string[]; status: string };
    same([name, sections, status], ["house.md", ["Boiler", "Roof"], "processing"]);
    const listed = await listDocuments(new Request(`http://localhost/api/documents?userId=${user}&projectId=house-${user}`));
    has(await listed.text(), "house.md (", '"total":1');
    const body = { userId: user, conversationId: "documents", projectId: `house-${user}`, messages: [{ role: "user", content: "What pressure for the boiler?" }] };
    has(await (await chatRoute(post(body))).text(), "The boiler needs 1.5 bar.");
    same(await (await deleteDocument(new Request(`http://localhost/api/documents?id=${encodeURIComponent(id)}`))).json(), { deleted: true });
  },

  async "pages of usage and receipts"(user) {
    await chat(user, "a", ["One"]);
    await chat(user, "b", ["Two"]);
    for (const conversation of ["a", "b"]) await leave(user, conversation);
    has(await usagePage(), "<h1>7d: ", "<td>POST /v6/ingest</td>", " requests</p>");
    has(await receiptsPage(user), "<li>a: 2 events, done</li>", "<li>b: 2 events, done</li>");
  },

  async "failures by class and by field"() {
    const answers = (status: number, code: string) => async () =>
      new Response(JSON.stringify({ error: { code, message: "No.", request_id: "req_1" } }), { status, headers: { "content-type": "application/json" } });
    same(await describeFailure(answers(401, "unauthorized")), "sign in");
    same(await describeFailure(answers(429, "quota_exceeded")), "later (with a request id)");
    same(await describeFailure(answers(500, "internal")), "500 internal");
    same(await describeFailure(() => Promise.reject(new TypeError("fetch failed"))), "offline");
    same(await describeFailure((_, init) => new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("aborted")))), 20), "too slow");
    same(made(), [
      "later (with a request id)", "too slow", "offline", "something else: ClaivError", "ClaivApiError: The quota is used up.",
      '[429,"quota_exceeded","req_1",{"retry_after":3}]',
    ]);
  },

  async "facts, and the method names with a suffix"(user) {
    const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY!, baseUrl: process.env.CLAIV_BASE_URL });
    await claiv.ingestV6({ user_id: user, conversation_id: "v6", type: "message", content: "The cat is called Miró" });
    const { answer_facts } = await claiv.recallV6({ user_id: user, conversation_id: "v6", query: "What is the cat called?" });
    const texts = answer_facts.map((fact: RecallFact) => fact.object_text);
    same(texts, ["The cat is called Miró"]);
    same(await claiv.healthCheck(), { ok: true });
  },
};

/** Runs all of them, each as a user of its own. */
export async function run(id: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const [i, [name, work]] of Object.entries(CASES).entries()) {
    const began = Date.now();
    const result = { group: "drop-in", name };
    try {
      await work(`${id}-${i}`);
      results.push({ ...result, outcome: "passed", ms: Date.now() - began });
    } catch (error) {
      results.push({ ...result, outcome: "failed", message: error instanceof Error ? error.stack ?? error.message : String(error), ms: Date.now() - began });
    }
  }
  return results;
}
