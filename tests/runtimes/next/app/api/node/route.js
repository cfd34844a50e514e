// A route on Node: POST of { urls } runs the suite.
import { run } from "../../../run.mjs";

export const runtime = "nodejs";

export const POST = (request) => run(request, { using: "the bundler is given no file with `using` in it" });
