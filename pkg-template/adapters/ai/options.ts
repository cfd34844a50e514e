// The options of a memory, and the check that they are complete before anything is recalled or stored.
import type {
  CallOptions, V6ContextPack, V6ForgetRequest, V6ForgetResponse, V6IngestRequest, V6IngestResponse, V6RecallRequest,
} from "claiv-memory";

/** What is used of a client. A `ClaivClient` of either entry of the package has it. */
export interface MemoryClient {
  recallV6(request: V6RecallRequest, options?: CallOptions): Promise<V6ContextPack>;
  ingestV6(request: V6IngestRequest, options?: CallOptions): Promise<V6IngestResponse>;
  forgetV6(request: V6ForgetRequest, options?: CallOptions): Promise<V6ForgetResponse>;
}

/** Whose memory it is. These come from your program (its session, its router), never from a model. */
export interface MemoryIdentity {
  /** A `ClaivClient`, of `claiv-memory` or of `claiv-memory/v6`. */
  client: MemoryClient;
  /** Whose memory it is. Not empty; there is no default. */
  user_id: string;
  /** The conversation that is recalled for and stored to. Not empty. */
  conversation_id: string;
  /** The project under which facts are recalled and kept. Default: none. */
  project_id?: string | undefined;
}

/** Makes the text that a model is given of a context pack that is trimmed and fenced already, as `fenced`. */
export type MemoryTemplate = (fenced: string, pack: V6ContextPack) => string;

/** The options of `claivMiddleware`, `withMemory` and `remember`. */
export interface MemoryOptions extends MemoryIdentity {
  /**
   * An id of your own for the turn: one message of the user and the answer to it. With it the turn is stored once however often it is sent,
   * also from another process or with another answer; an edited message needs a new id. Leave it out where the whole conversation is sent each
   * time. Default: a turn is known by the conversation, its place in the messages, and its text.
   */
  turnId?: string | undefined;
  /** What is stored: the user's message and the answer, the message alone, or nothing. Default: `"both"`. */
  store?: "both" | "user" | "never" | undefined;
  /**
   * Where the recalled text is put: before the text of the user's last message, so that all messages before it stay as they were and can be
   * cached by the provider, or behind the system messages. Default: `"last-user"`.
   */
  placement?: "last-user" | "system" | undefined;
  /** The most tokens that the recalled text may take, as `toPrompt` counts them. Default: as much as the service gives. */
  maxTokens?: number | undefined;
  /** The text that goes to the model. It is given the fenced memories and the context pack. Default: a sentence that says what they are, and the memories. */
  template?: MemoryTemplate | undefined;
  /** How long the chat waits for the recall, with all its attempts, in milliseconds. Above 0, and finite. Default: 2000. */
  recallTimeout?: number | undefined;
  /** What a recall that fails does: the chat goes on without memories, or the call of the model rejects with the recall's error. Default: `"continue"`. */
  onRecallError?: "continue" | "throw" | undefined;
  /**
   * Takes each promise of something that is being stored, so that the platform lets it end: `ctx.waitUntil.bind(ctx)` of a Worker, `waitUntil` of
   * `@vercel/functions`. The promises never reject. Default: what is in flight ends if the process lives on.
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
  /** Told of each failure to recall or to store; the chat has gone on. Default: `console.warn`. */
  onError?: ((error: unknown) => void) | undefined;
}

/** What an option must be: one of some words, or a kind of value by its name. */
export type Rule = "text" | "number" | "boolean" | "function" | "object" | "list" | readonly string[];

/** The options that have no default. */
export const REQUIRED = ["client", "user_id", "conversation_id", "role", "messages"];

export const IDENTITY: Record<string, Rule> = { client: "object", user_id: "text", conversation_id: "text", project_id: "text" };

export const MEMORY: Record<string, Rule> = {
  ...IDENTITY,
  turnId: "text",
  store: ["both", "user", "never"],
  placement: ["last-user", "system"],
  maxTokens: "number",
  template: "function",
  recallTimeout: "number",
  onRecallError: ["continue", "throw"],
  waitUntil: "function",
  onError: "function",
};

export const MEANING: Record<string, string> = { text: "a text that is not empty", number: "a finite number above 0", function: "a function", object: "an object", list: "a list" };

const plain = (name: string): string => name.replace(/_/g, "").toLowerCase();

export function fits(value: unknown, rule: Rule): boolean {
  if (typeof rule === "object") return rule.includes(value as string);
  if (rule === "text") return typeof value === "string" && value.trim() !== "";
  return (Array.isArray(value) ? "list" : typeof value) === rule && value !== null && (rule !== "number" || ((value as number) > 0 && (value as number) < Infinity));
}

/** A copy of the options, so that what is changed in them afterwards cannot lead to another user's memory. Throws a TypeError that names what is wrong. */
export function checked<Options extends object>(who: string, options: Options, rules = MEMORY): Options {
  const given = { ...options } as unknown as Record<string, unknown>;
  for (const name in { ...given, ...rules }) {
    const value = given[name];
    const rule = rules[name];
    const meant = Object.keys(rules).find((known) => plain(known) === plain(name));
    const problem = rule
      ? (value === undefined ? REQUIRED.includes(name) : !fits(value, rule)) && `${name} must be ${MEANING[rule as string] ?? `one of ${rule}`}`
      : `there is no option ${name}${meant ? `; is ${meant} meant?` : ""}`;
    if (problem) throw new TypeError(`${who}: ${problem}`);
  }
  return given as unknown as Options;
}
