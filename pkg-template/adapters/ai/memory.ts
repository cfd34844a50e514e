// The memory of one conversation: recalls once for each turn, stores each message once, and does not fail the chat.
import type { V6IngestResponse } from "claiv-memory";
import { keyOf } from "./key.js";
import type { MemoryOptions } from "./options.js";
import { toPrompt } from "./prompt.js";
import { type MessageLike, type Turn, placed, turnOf } from "./turn.js";

/** What is used of an AbortSignal. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: (event: unknown) => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: (event: unknown) => void): void;
}

declare const console: { warn(...what: unknown[]): void };

/** How many turns are remembered as recalled or stored. The service recognises an older one by its key. */
const MOST_TURNS = 100;

/** What recalls and stores. */
export interface Memory {
  /** Recalls for the turn that `messages` end with, starts to store the user's message, and returns the messages to send. */
  prepare<Message extends MessageLike>(messages: readonly Message[], signal?: Signal): Promise<Message[]>;
  /** Starts to store a message, once. The promise never rejects, and resolves to undefined where nothing was stored. */
  store(role: "user" | "assistant", turn: Turn, text: string, whole: boolean, key?: Promise<string>): Promise<V6IngestResponse | undefined>;
}

/** @param options - checked */
export function memoryOf(options: MemoryOptions): Memory {
  const {
    client, user_id, conversation_id, project_id, turnId, store: stores = "both", placement = "last-user", maxTokens, template, recallTimeout = 2000, onRecallError,
    waitUntil, onError = console.warn,
  } = options;
  const ids = { user_id, conversation_id, project_id };
  /** The recalled text, empty where there is none, by turn. */
  const recalls = new Map<string, Promise<string | undefined>>();
  /** What is stored or being stored, by key. */
  const stored = new Map<string, Promise<V6IngestResponse | undefined>>();
  /** The latest store that was started. An answer waits for it, so that it is stored after its question. */
  let last: Promise<unknown> | undefined;

  /** Tells `onError`. The chat goes on, also where that throws or rejects. */
  function reportError(error: unknown): undefined {
    (async () => onError(error))().catch(() => {});
  }

  /**
   * The idempotency key of a message. The turn is named by `turnId`, or else by how many messages the user has sent and the text of the last. An answer
   * adds its step and whether it is whole, and its own text where the turn has no id or the answer is incomplete, so that a later complete one is stored
   * as well. A question adds `true` only.
   */
  function keyIn({ count, text, step }: Turn, role: string, message: string, whole: boolean): Promise<string> {
    const answer = role === "user" || [step, whole, turnId && whole ? "" : message];
    return keyOf(user_id, conversation_id, turnId ?? [count, text], role, answer);
  }

  /** The text to put into the messages: empty where nothing fits or the recall failed, undefined where it was aborted, perhaps by another call of the turn. */
  function recalled({ count, text }: Turn, signal?: Signal): Promise<string | undefined> {
    const id = turnId ?? `${count} ${text}`;
    return cached(recalls, id, async () => {
      try {
        return toPrompt(await client.recallV6({ ...ids, query: text }, { totalTimeout: recallTimeout, signal }), { maxTokens, template });
      } catch (error) {
        const stopped = signal?.aborted;
        // A caller who stopped the chat, or gets the error, may try again.
        if (stopped || onRecallError === "throw") recalls.delete(id);
        if (onRecallError === "throw") throw error;
        if (stopped) return undefined;
        reportError(error);
        return "";
      }
    });
  }

  const store: Memory["store"] = async (role, turn, text, whole, key) => {
    if (!text.trim() || (stores !== "both" && stores !== role)) return undefined;
    const before = role === "assistant" && last;
    const ingest = async (idempotency_key: string): Promise<V6IngestResponse | undefined> => {
      try {
        await before;
        return await client.ingestV6({ ...ids, type: "message", role, content: text, idempotency_key, metadata: whole ? undefined : { partial: true } });
      } catch (error) {
        // A repeated call tries again, with the same key.
        stored.delete(idempotency_key);
        return reportError(error);
      }
    };
    const promise = (key ?? keyIn(turn, role, text, whole)).then((id) => cached(stored, id, () => ingest(id)), reportError);
    last = promise;
    (async () => waitUntil?.(promise))().catch(reportError);
    return promise;
  };

  return {
    store,

    async prepare(messages, signal) {
      const turn = turnOf(messages);
      const { text } = turn;
      if (!text.trim()) return [...messages];
      const key = keyIn(turn, "user", text, true);
      const known = key.catch(() => {});
      let memory;
      try {
        memory = await recalled(turn, signal);
        // Another call of this turn was aborted, and with it the recall that both share: recall once more.
        if (!signal?.aborted) memory ??= await recalled(turn, signal);
      } finally {
        // After the recall, which would otherwise return the question itself, and before the model, whether or not the recall succeeded.
        void store("user", turn, text, true, key);
        await known;
      }
      return memory ? placed(messages, turn, memory, placement) : [...messages];
    },
  };
}

/** The value of `key` in `map`, made by `make` where there is none yet. The oldest is removed where there are too many. */
function cached<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
    if (map.size > MOST_TURNS) map.delete(map.keys().next().value as string);
  }
  return value;
}
