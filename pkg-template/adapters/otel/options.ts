/** The checks of what `claivTracing` is given. */
import type { ClaivTracingOptions } from "./index.js";

const KNOWN = ["tracer", "fetch", "recordIds"];

/** The options, or a TypeError that names what is not usable. */
export function checked(options: ClaivTracingOptions): ClaivTracingOptions {
  const wrong = (what: string) => new TypeError(`claivTracing: ${what}`);
  if (typeof options !== "object" || options === null) throw wrong("options must be an object such as { tracer }");
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) throw wrong(`${unknown} is no option; there are ${KNOWN.join(", ")}`);
  const { tracer, fetch, recordIds } = options;
  if (typeof tracer?.startSpan !== "function") throw wrong('tracer must be a Tracer of @opentelemetry/api, such as trace.getTracer("my-app")');
  if (fetch !== undefined && typeof fetch !== "function") throw wrong("fetch must be a function");
  if (recordIds !== undefined && typeof recordIds !== "boolean") throw wrong("recordIds must be true or false");
  return options;
}
