// The check of the options of `createClaivMcpServer`. Not left to `claivTools`, whose errors would name a function that the program did not call.
import { fits, IDENTITY, MEANING, REQUIRED, type Rule } from "../ai/options.js";
import type { ClaivMcpOptions } from "./index.js";

const RULES: Record<string, Rule> = { ...IDENTITY, allowForget: "boolean", version: "text" };

/** A copy of the options, or a TypeError that names the option that is missing, wrong or unknown. */
export function checked(options: ClaivMcpOptions): ClaivMcpOptions {
  const copy = { ...options };
  for (const name in { ...copy, ...RULES }) {
    const value: unknown = copy[name as keyof ClaivMcpOptions];
    const rule = RULES[name];
    const problem = rule
      ? (value === undefined ? REQUIRED.includes(name) : !fits(value, rule)) && `${name} must be ${rule === "boolean" ? "true or false" : MEANING[rule as string]}`
      : `there is no option ${name}; there are ${Object.keys(RULES).join(", ")}`;
    if (problem) throw new TypeError(`createClaivMcpServer: ${problem}`);
  }
  return copy;
}
