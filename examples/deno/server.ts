// A notebook that finds things again, as a server:  deno task start   (in this folder, after `make build`)
//   curl http://127.0.0.1:8789/notes/ada -d 'My bike is locked with code 4711'
//   curl 'http://127.0.0.1:8789/notes/ada?about=bike'
// Without CLAIV_API_KEY it talks to an emulator in this process, which forgets when the process ends.
// In a project of yours, deno.json maps "claiv-memory" to "npm:claiv-memory".
import { ClaivApiError, ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";

const claiv = Deno.env.get("CLAIV_API_KEY")
  ? ClaivClient.fromEnv()
  : new ClaivClient({ apiKey: "any", fetch: new ClaivEmulator().fetch });

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const user_id = /^\/notes\/([^/]+)$/.exec(pathname)?.[1];
  if (!user_id) return new Response("Not found\n", { status: 404 });

  if (request.method === "POST") {
    const { event_id } = await claiv.ingest({ user_id, type: "app_event", content: await request.text() });
    return Response.json({ stored: event_id });
  }
  const task = searchParams.get("about") || "everything";
  const { memory_blocks } = await claiv.recall({ user_id, task, token_budget: 1000 }, { signal: request.signal });
  return Response.json(memory_blocks.map(({ content }) => content));
}

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? 8789) }, async (request) => {
  try {
    return await answer(request);
  } catch (error) {
    console.error(error);
    return new Response("The memory does not answer.\n", { status: error instanceof ClaivApiError ? 502 : 500 });
  }
});
