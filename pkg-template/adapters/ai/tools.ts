// The memory as tools that a model calls by itself.
import type { MemoryIdentity } from "./options.js";
import { IDENTITY, checked } from "./options.js";
import { keyOf } from "./key.js";
import { toPrompt } from "./prompt.js";
import { type TextSchema, texts } from "./schema.js";

/** What a model may be allowed to do with its user's memory. */
export type MemoryAbility = "recall" | "remember" | "forget";

/** The options of `claivTools`. */
export interface ToolOptions extends MemoryIdentity {
  /** Which tools there are. Default: `["recall", "remember"]`; a model forgets only where this is named. */
  allow?: readonly MemoryAbility[] | undefined;
}

/** A tool as `ai` 6 and 7 take it. Its result is a text for the model. */
export interface MemoryTool<Input> {
  readonly description: string;
  readonly inputSchema: TextSchema<Input>;
  readonly execute: (input: Input, call?: ToolCall) => Promise<string>;
}

/** What is read of the AI SDK's options of a call. */
export interface ToolCall {
  readonly toolCallId?: string | undefined;
  readonly abortSignal?: { readonly aborted: boolean; addEventListener(type: "abort", listener: (event: unknown) => void): void; removeEventListener(type: "abort", listener: (event: unknown) => void): void } | undefined;
}

/** The tools that are allowed, by the names under which the model knows them. */
export interface MemoryTools {
  readonly recall_memory: MemoryTool<{ query: string }>;
  readonly remember: MemoryTool<{ content: string }>;
  readonly forget_memory: MemoryTool<{ from_time?: string; to_time?: string }>;
}

const NAMES = { recall: "recall_memory", remember: "remember", forget: "forget_memory" } as const;

const RULES = { ...IDENTITY, allow: "list" } as const;

/**
 * Tools of the AI SDK with which a model recalls and remembers by itself, for one conversation of one user. The model gives texts, never ids. A
 * failure of the memory rejects; the AI SDK tells the model and goes on.
 *
 * @throws TypeError where an option is missing, wrong or unknown
 * @example
 * const agent = new ToolLoopAgent({ model, tools: { ...claivTools({ client: claiv, user_id: "user-123", conversation_id: "chat-1" }), ...others } });
 */
export function claivTools<const Allow extends readonly MemoryAbility[] = readonly ["recall", "remember"]>(
  options: MemoryIdentity & { allow?: Allow | undefined },
): Pick<MemoryTools, (typeof NAMES)[Allow[number]]> {
  const { client, user_id, conversation_id, project_id, allow = ["recall", "remember"] } = checked<ToolOptions>("claivTools", options, RULES);
  const ids = { user_id, conversation_id, ...(project_id !== undefined && { project_id }) };
  const tools: MemoryTools = {
    recall_memory: {
      description: "Looks up what is remembered of the user from earlier conversations.",
      inputSchema: texts<{ query: string }>({ query: "What to look up, in words" }),
      async execute({ query }, call) {
        return toPrompt(await client.recallV6({ ...ids, query }, { signal: call?.abortSignal })) || "Nothing is remembered that fits.";
      },
    },
    remember: {
      description: "Remembers a fact of the user for later conversations, such as a preference or a plan.",
      inputSchema: texts<{ content: string }>({ content: "The fact, in a sentence that is clear by itself" }),
      async execute({ content }, call) {
        const id = call?.toolCallId;
        await client.ingestV6({
          ...ids, type: "message", role: "assistant", content, metadata: { tool: "remember" },
          idempotency_key: id === undefined ? id : await keyOf(user_id, conversation_id, "tool", id, content),
        });
        return "It is remembered.";
      },
    },
    forget_memory: {
      description: "Deletes for good what is remembered of this conversation, or of a time in it. Only where the user asks for it.",
      inputSchema: texts<{ from_time?: string; to_time?: string }>({ from_time: "From this time on (ISO 8601)", to_time: "Up to this time (ISO 8601)" }, []),
      async execute(limits, call) {
        // The ids come last, so that nothing in the limits can take their place.
        const { deleted_counts } = await client.forgetV6({ ...limits, ...ids }, { signal: call?.abortSignal });
        return `Deleted: ${JSON.stringify(deleted_counts)}`;
      },
    },
  };
  return Object.fromEntries(
    allow.map((ability) => {
      if (!tools[NAMES[ability]]) throw new TypeError(`claivTools: allow must be a list of ${Object.keys(NAMES)}`);
      return [NAMES[ability], tools[NAMES[ability]]];
    }),
  ) as unknown as MemoryTools;
}
