// The memory for programs that call OpenAI's, Anthropic's or another API with plain messages.
import type { V6IngestResponse } from "claiv-memory";
import { type Signal, memoryOf } from "./memory.js";
import { MEMORY, type MemoryOptions, checked } from "./options.js";
import { type MessageLike, textOf, turnOf } from "./turn.js";

/** The options of `withMemory`. */
export interface WithMemoryOptions extends MemoryOptions {
  /** Cuts the recall short. */
  signal?: Signal | undefined;
}

/** What `remember` stores: one side of a turn. */
export interface RememberedTurn extends MemoryOptions {
  role: "user" | "assistant";
  /** What was said: text, or content in parts, of which the text is taken. Without any nothing is stored. */
  content: string | readonly { type: string }[] | null;
  /**
   * The conversation as far as the user's message, and in a loop of tools as far as the step, which tells the place of `content` in it: the messages
   * that `withMemory` was given, not those that it gave. Needed where there is no `turnId`.
   */
  messages?: readonly MessageLike[] | undefined;
}

/**
 * Gives the messages to send to a model: with what is known that fits the last message of the user put before it. The message is stored meanwhile.
 * Messages of OpenAI's Chat Completions and Responses and of Anthropic's Messages are understood; the given ones stay as they are. Call it once
 * for each turn, before a loop of tools. Where Anthropic's API is called, `placement` must be `"last-user"`: it has no message of the system.
 *
 * @throws TypeError where an option is missing, wrong or unknown; the recall's error with `onRecallError: "throw"`
 * @example
 * const options = { client: claiv, user_id: "user-123", conversation_id: "chat-1" };
 * const completion = await openai.chat.completions.create({ model: "gpt-5", messages: await withMemory(messages, options) });
 * await remember({ ...options, messages, role: "assistant", content: completion.choices[0].message.content });
 */
export async function withMemory<Message extends MessageLike>(messages: readonly Message[], options: WithMemoryOptions): Promise<Message[]> {
  const own = checked("withMemory", { ...options, messages }, { ...MEMORY, signal: "object", messages: "list" });
  return memoryOf(own).prepare(messages, own.signal);
}

/**
 * Stores what the user or the model said. It is stored once, however often it is told: see `turnId`. Resolves when it is stored, to undefined where
 * there was nothing to store or where it failed, which `onError` is told.
 *
 * @throws TypeError where an option is missing, wrong or unknown
 */
export async function remember(side: RememberedTurn): Promise<V6IngestResponse | undefined> {
  const { content, messages = [], ...rest } = side;
  const options = checked("remember", { ...rest, messages }, { ...MEMORY, role: ["user", "assistant"], messages: "list" });
  const { role, turnId } = options;
  if (!turnId && !messages.length) throw new TypeError("remember: turnId or messages must be given");
  const text = textOf(content, role === "user" ? "\n" : "");
  const turn = turnOf(messages);
  // The user's message may be the last of them already, as it is for `withMemory`.
  const place = role === "user" && turn.text !== text ? turnOf([...messages, { role, content: text }]) : turn;
  return memoryOf(options).store(role, place, text, true);
}
