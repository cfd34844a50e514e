// An edge function: answers with the suite's results.
import { imported } from "./before.mjs";
import * as client from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import * as emulator from "claiv-memory/emulator";
import "./after.mjs";
import { conform } from "./conformance/index.mjs";

const WITHOUT = {
  cors: "no origin, so no preflight: this is no browser",
  inspect: "the edge runtime has no function that prints an object",
  using: "this Node cannot parse `using`",
};

addEventListener("fetch", (event) => {
  const work = async () => Response.json(await conform({ client, v6, emulator, imported, without: WITHOUT, ...(await event.request.json()) }));
  event.respondWith(work());
});
