// A Worker that runs the suite for every request it gets: POST of { urls, only }.
import { imported } from "./before.mjs";
import * as client from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import * as emulator from "claiv-memory/emulator";
import "./after.mjs";
import { conform } from "./conformance/index.mjs";
import { using } from "./conformance/using.mjs";

const WITHOUT = {
  cors: "no origin, so no preflight: this is no browser",
  inspect: "Workers have no function that prints an object",
};

export default {
  async fetch(request) {
    const { urls, only } = await request.json();
    return Response.json(await conform({ client, v6, emulator, imported, using, urls, only, without: WITHOUT }));
  },
};
