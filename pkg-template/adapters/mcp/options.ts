// The check of the options of `createClaivMcpServer`. Not left to `claivTools`, whose errors would name a function that the program did not call.
import type { ClaivMcpOptions } from "./index.js";

const RULES: Record<keyof ClaivMcpOptions, "object" | "text" | "boolean"> = {
  client: "object", user_id: "text", conversation_id: "text", project_id: "text", allowForget: "boolean", version: "text",
};

const REQUIRED = ["client", "user_id", "conversation_id"];

const MEANING = { object: "an object", text: "a text that is not empty", boolean: "true or false" };

/** A copy of the options, or a TypeError that names the option that is missing, wrong or unknown. */
export function checked(options: ClaivMcpOptions): ClaivMcpOptions {
  const copy = { ...options };
  for (const key in { ...copy, ...RULES }) {
    const name = key as keyof ClaivMcpOptions;
    const value: unknown = copy[name];
    const rule = RULES[name];
    const fits = rule === "text" ? typeof value === "string" && value.trim() !== "" : typeof value === rule && value !== null;
    const problem = rule
      ? (value !== undefined || REQUIRED.includes(name)) && !fits && `${name} must be ${MEANING[rule]}`
      : `there is no option ${name}; there are ${Object.keys(RULES).join(", ")}`;
    if (problem) throw new TypeError(`createClaivMcpServer: ${problem}`);
  }
  return copy;
}
