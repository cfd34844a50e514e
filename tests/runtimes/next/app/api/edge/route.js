// A route on the edge: POST of { urls } runs the suite.
import { run } from "../../../run.mjs";

export const runtime = "edge";

export const POST = (request) => run(request, { using: "the edge runtime is given no file with `using` in it" });
