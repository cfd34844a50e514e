import { ClaivClient } from "claiv-memory";

export default {
  async fetch(request, env) {
    const claiv = ClaivClient.fromEnv(env);
    const user_id = new URL(request.url).searchParams.get("user") ?? "user-123";
    const pack = await claiv.recall({ user_id, task: "Greet the user", token_budget: 400 }, { signal: request.signal });
    return Response.json(pack.memory_blocks);
  },
};
