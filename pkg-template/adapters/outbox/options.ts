// The options, checked: what is wrong is named, all at once.
import type { ClaivValidationIssue } from "claiv-memory";
import { isRecord } from "./entry.js";
import { invalid } from "./errors.js";

/** A name and what it must be. */
export type Rules = { readonly [name: string]: readonly [what: string, fits: (value: unknown) => boolean] };

const has = (...names: string[]) => (value: unknown): boolean => names.every((name) => typeof (value as { [name: string]: unknown } | null | undefined)?.[name] === "function");
const optional = (fits: (value: unknown) => boolean) => (value: unknown): boolean => value === undefined || fits(value);
const whole = (most = Infinity) => (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
const handler: Rules[string] = ["a function", optional((value) => typeof value === "function")];

export const CLIENT: Rules = { client: ["a ClaivClient", has("check", "ingestV1", "ingestV6", "forgetV1", "forgetV6")] };
export const VERSION: Rules = { version: ['"v1" or "v6"', (value) => value === "v1" || value === "v6"] };
export const HANDLERS: Rules = { onDropped: handler, onError: handler };
export const LIMITS: Rules = {
  maxItems: ["a whole number, 1 or more", optional(whole())],
  maxAgeMs: ["milliseconds, above 0", optional((value) => typeof value === "number" && value > 0)],
  concurrency: ["a whole number from 1 to 100", optional(whole(100))],
};
export const STORE: Rules = { store: ["a store, such as memoryStore()", has("add", "list", "remove", "lock")] };

/** Throws a ClaivValidationError for options that break the rules, or that there are none for. */
export function checkOptions(what: string, options: unknown, rules: Rules): void {
  const issues: ClaivValidationIssue[] = [];
  const given = isRecord(options) ? options : {};
  for (const [path, [expected, fits]] of Object.entries(rules)) {
    if (!fits(given[path])) issues.push({ path, message: `must be ${expected}` });
  }
  for (const path of Object.keys(given)) {
    if (!(path in rules)) issues.push({ path, message: `is no option: there are ${Object.keys(rules).join(", ")}` });
  }
  if (issues.length > 0) throw invalid(what, issues);
}
