// Workers with @cloudflare/workers-types and nothing else: a handler, a service binding's fetch, and the key from `env`.
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";

interface Env {
  CLAIV_API_KEY: string;
  CLAIV_BASE_URL?: string;
  API: Fetcher;
  FILES: R2Bucket;
}

export default {
  async fetch(request, env, context): Promise<Response> {
    const claiv = ClaivClient.fromEnv(env);
    const bound = new ClaivClient({ apiKey: env.CLAIV_API_KEY, fetch: (url, init) => env.API.fetch(url, init), defaultHeaders: request.headers });
    const direct = new ClaivClient({ apiKey: env.CLAIV_API_KEY, baseUrl: env.CLAIV_BASE_URL, fetch: env.API.fetch });
    const file = await env.FILES.get("notes.md");
    if (file) await bound.uploadDocument({ user_id: "u", document_name: "n", project_id: "p", content: file.body }, { signal: request.signal });
    context.waitUntil(direct.ingest({ user_id: "u", type: "message", content: await request.text() }));
    return Response.json(await claiv.recall({ user_id: "u", task: "t", token_budget: 500 }, { headers: new Headers() }));
  },
} satisfies ExportedHandler<Env>;

export const service = { fetch: new ClaivEmulator().fetch } satisfies ExportedHandler<Env>;
