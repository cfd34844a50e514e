// A Worker: GET makes the first call of its isolate, POST of { name, plans } compares.
import { make as hand } from "../clients/hand-written.mjs";
import { make as other } from "claiv:client";
import { compare } from "./slices.mjs";
import { EVENT, KEY, NOWHERE, stub } from "./workload.mjs";

export default {
  async fetch(request) {
    if (request.method === "POST") return Response.json(await compare([hand, other], await request.json()));
    return Response.json(await other({ url: NOWHERE, key: KEY, fetch: stub }).ingest(EVENT));
  },
};
