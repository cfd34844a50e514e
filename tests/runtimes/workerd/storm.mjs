// A Worker under many requests: with one client for all of them (/global), or one for each (/each).
import { ClaivClient } from "claiv-memory";
import urls from "./urls.mjs";

const options = { apiKey: async () => "a-key", baseUrl: urls.emulator, maxRetries: 5, timeout: 10_000 };
const shared = new ClaivClient(options);

export default {
  async fetch(request) {
    const [, which, id] = new URL(request.url).pathname.split("/");
    const claiv = which === "global" ? shared : new ClaivClient(options);
    try {
      const event = { user_id: `storm-${which}-${id}`, type: "message", content: `The number is ${id}` };
      const [first] = await claiv.ingestMany([event, { ...event, thread_id: "t", content: "Something else" }]);
      if (first.status === "rejected") throw first.reason;
      const pack = await claiv.recall({ user_id: event.user_id, task: "Which number?", token_budget: 300 }, { signal: request.signal });
      return Response.json({ remembered: pack.memory_blocks[0]?.content });
    } catch (error) {
      return Response.json({ name: error?.name, message: error?.message, stack: error?.stack }, { status: 500 });
    }
  },
};
