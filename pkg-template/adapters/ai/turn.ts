// Finds the current turn in a list of messages, and puts recalled text into them.

/**
 * A message of the AI SDK's prompts, or a plain one as OpenAI's and Anthropic's APIs take it. An item of OpenAI's Responses API that is no message,
 * such as a call of a function, has a type in place of a role, and is passed on as it is.
 */
export interface MessageLike {
  role?: string;
  content?: unknown;
  type?: unknown;
}

interface Part {
  type: string;
  text?: unknown;
}

/** The turn that a list of messages ends with. */
export interface Turn {
  /** Which of the messages is the user's; -1 where there is none. */
  index: number;
  /** What the user said. Empty where it is no text. */
  text: string;
  /** How many messages the user has sent, this one included. */
  count: number;
  /** How many answers the model has given to it already: the steps of a tool loop. */
  step: number;
}

/** `input_text` and `output_text` are those of OpenAI's Responses API. */
const isText = ({ type, text }: Part): boolean => /^((in|out)put_)?text$/.test(type) && typeof text === "string";

/** The text of a message's content. */
export function textOf(content: unknown, separator = ""): string {
  if (!Array.isArray(content)) return typeof content === "string" ? content : "";
  return content.filter(isText).map(({ text }) => text).join(separator);
}

/** Anthropic's API carries the results of tools in messages of the user. */
const isFromUser = ({ role, content }: MessageLike): boolean =>
  role === "user" && !(Array.isArray(content) && content.every(({ type }) => type === "tool_result"));

/** Finds the turn. */
export function turnOf(messages: readonly MessageLike[]): Turn {
  const index = messages.map(isFromUser).lastIndexOf(true);
  return {
    index,
    text: textOf(messages[index]?.content, "\n"),
    count: messages.filter(isFromUser).length,
    step: messages.slice(index + 1).filter(({ role }) => role === "assistant").length,
  };
}

/** The messages with `memory` in them: a copy, in which every other message is the one that was given. */
export function placed<Message extends MessageLike>(messages: readonly Message[], { index }: Turn, memory: string, placement: "last-user" | "system"): Message[] {
  const copy: MessageLike[] = [...messages];
  if (placement === "system") copy.splice(copy.findIndex(({ role }) => role !== "system" && role !== "developer"), 0, { role: placement, content: memory });
  else copy[index] = { ...copy[index], content: before((copy[index] as Message).content, memory) };
  return copy as Message[];
}

function before(content: unknown, memory: string): unknown {
  if (!Array.isArray(content)) return `${memory}\n\n${content}`;
  const at = content.findIndex(isText);
  return [...content.slice(0, at), { type: content[at].type, text: memory }, ...content.slice(at)];
}
