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

/** A schema of an object of texts: `fields` has a description of each for the model; `required` are all of them by default. */
export function texts<Value>(fields: Record<keyof Value & string, string>, required: readonly string[] = Object.keys(fields)): TextSchema<Value> {
  const json: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(Object.entries(fields).map(([name, description]) => [name, { type: "string", description }])),
    required,
    additionalProperties: false,
  };
  return {
    "~standard": {
      version: 1,
      vendor: "claiv-memory",
      validate(value) {
        // What is no object is refused as a field that there is none of: what deletes must not take it for "no limits".
        const given = (fits(value, "object") ? value : { input: value }) as Record<string, unknown>;
        const issues: Issue[] = [...new Set([...required, ...Object.keys(given)])].flatMap((name) => {
          const message = Object.hasOwn(fields, name) ? !fits(given[name], "text") && `${name} must be ${MEANING.text}` : `there is no field ${name}`;
          return message ? { message, path: [name] } : [];
        });
        return issues[0] ? { issues } : { value: value as Value };
      },
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}
