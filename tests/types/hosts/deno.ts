// Deno: the emulator as a server's handler, the key from the environment, files as streams.
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";

const emulator = new ClaivEmulator();
export const server = Deno.serve({ port: 0 }, emulator.fetch);
export const named = ClaivClient.fromEnv(Deno.env.toObject());
export const client = new ClaivClient({ apiKey: Deno.env.get("CLAIV_API_KEY") ?? "", baseUrl: Deno.env.get("CLAIV_BASE_URL"), fetch });
export const proxied = new ClaivClient({
  apiKey: "k",
  fetch: (url, init) => fetch(url, { ...init, client: Deno.createHttpClient({ http2: false }) }),
});

const file = await Deno.open("notes.md");
await client.uploadDocument({ user_id: "u", document_name: "n", project_id: "p", content: file.readable }, { signal: AbortSignal.timeout(5) });
