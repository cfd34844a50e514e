// app/api/greeting/route.ts
import { ClaivClient } from "claiv-memory";

export const runtime = "edge"; // or "nodejs"

let claiv: ClaivClient | undefined;

export async function GET(request: Request) {
  // Not at the top of the file: `next build` loads it, and need not know the key.
  claiv ??= ClaivClient.fromEnv();
  const pack = await claiv.recall({ user_id: "user-123", task: "Greet the user", token_budget: 400 }, { signal: request.signal });
  return Response.json(pack.memory_blocks);
}
