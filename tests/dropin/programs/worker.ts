// For Workers: answers with the results.
import { run } from "./cases.ts";

export default {
  async fetch(): Promise<Response> {
    return Response.json(await run(crypto.randomUUID()));
  },
};
