// Schemas of what a model may give to a tool: texts by name, and nothing else. No id is among them.
import { MEANING, fits } from "./options.js";

/** A problem of a value. */
interface Issue {
  readonly message: string;
  readonly path: readonly string[];
}

type JsonSchema = Record<string, unknown>;

/** A Standard Schema (standardschema.dev, version 1) that also gives its JSON Schema, as the AI SDK and MCP take it. */
export interface TextSchema<Value> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => { readonly value: Value; readonly issues?: undefined } | { readonly issues: readonly Issue[] };
    readonly jsonSchema: { readonly input: (options?: unknown) => JsonSchema; readonly output: (options?: unknown) => JsonSchema };
    readonly types?: { readonly input: Value; readonly output: Value };
  };
}

/** A schema of an object of texts: each with a description for the model, `required` ones first. */
export function texts<Required extends string = never, Optional extends string = never>(
  required: Record<Required, string>,
  optional: Record<Optional, string> = {} as Record<Optional, string>,
): TextSchema<Record<Required, string> & Partial<Record<Optional, string>>> {
  type Value = Record<Required, string> & Partial<Record<Optional, string>>;
  const described: Record<string, string> = { ...required, ...optional };
  const json: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(Object.entries(described).map(([name, description]) => [name, { type: "string", description }])),
    required: Object.keys(required),
    additionalProperties: false,
  };
  const issuesOf = (value: Record<string, unknown>): Issue[] =>
    Object.keys({ ...value, ...required }).flatMap((name) => {
      const message = name in described ? !fits(value[name], "text") && `${name} must be ${MEANING.text}` : `there is no field ${name}`;
      return message ? [{ message, path: [name] }] : [];
    });
  return {
    "~standard": {
      version: 1,
      vendor: "claiv-memory",
      validate(value) {
        const issues = issuesOf(Object(value));
        return issues[0] ? { issues } : { value: value as Value };
      },
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}
