import { imported } from "./before.mjs";
import * as client from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import * as emulator from "claiv-memory/emulator";
import "./after.mjs";
import { conform } from "./conformance/index.mjs";

const WITHOUT = {
  cors: "no origin, so no preflight: this is no browser",
  inspect: "a route has no function of its own that prints an object",
  watch: "Next.js itself works on globalThis while a route is loaded",
};

export async function run(request, without) {
  const { urls, only } = await request.json();
  imported.stop();
  return Response.json(await conform({ client, v6, emulator, urls, only, without: { ...WITHOUT, ...without } }));
}
