// The memory of one conversation: recalls once for each turn, stores everything once, and never stands in the chat's way.
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

/** So many turns are known to have been recalled or stored; the service tells an older one apart by its key. */
const KEPT = 100;

/** What recalls and stores. */
export interface Memory {
  /** Recalls for the turn that `messages` end with, starts to store what the user said, and gives the messages to send. */
  prepare<Message extends MessageLike>(messages: readonly Message[], signal?: Signal): Promise<Message[]>;
  /** Starts to store what was said, once. The promise never rejects, and is undefined where nothing was stored. */
  store(role: "user" | "assistant", turn: Turn, text: string, whole: boolean, key?: Promise<string>): Promise<V6IngestResponse | undefined>;
}

/** @param options - checked */
export function memoryOf(options: MemoryOptions): Memory {
  const { client, user_id, conversation_id, project_id, turnId, onRecallError } = options;
  const { store: stores = "both", placement = "last-user", recallTimeout = 2000, waitUntil, onError = console.warn } = options;
  const ids = { user_id, conversation_id, project_id };
  /** The recalled text, empty where there is none, by turn. */
  const recalls = new Map<string, Promise<string>>();
  /** What is stored or being stored, by key. */
  const stored = new Map<string, Promise<V6IngestResponse>>();
  /** What was stored last: an answer is not to come before its question. */
  let last: Promise<unknown> | undefined;

  function tell(error: unknown): void {
    try {
      onError(error);
    } catch {
      // The chat goes on, also where nobody could be told.
    }
  }

  /**
   * The turn by its id, else by its place and text; the answer by its step. The text of an answer is part of its key where it broke off, so that the
   * whole one is stored as well when it comes, and where the turn has no id.
   */
  function keyIn({ count, text, step }: Turn, role: string, said: string, whole: boolean): Promise<string> {
    const answer = role === "user" || [step, whole, turnId !== undefined && whole ? "" : said];
    return keyOf(user_id, conversation_id, turnId ?? [count, text], role, answer);
  }

  function recalled({ count, text }: Turn, signal?: Signal): Promise<string> {
    const id = turnId ?? `${count} ${text}`;
    return kept(recalls, id, async () => {
      try {
        return toPrompt(await client.recallV6({ ...ids, query: text }, { totalTimeout: recallTimeout, signal }), options);
      } catch (error) {
        const stopped = signal?.aborted;
        // Who stopped the chat, or is told by a rejection, may ask again.
        if (stopped || onRecallError === "throw") recalls.delete(id);
        if (onRecallError === "throw") throw error;
        if (!stopped) tell(error);
        return "";
      }
    });
  }

  const store: Memory["store"] = (role, turn, text, whole, key) => {
    if (text.trim() === "" || stores === "never" || (role === "assistant" && stores === "user")) return Promise.resolve(undefined);
    const before = role === "assistant" && last;
    const ingest = async (): Promise<V6IngestResponse | undefined> => {
      let id = "";
      try {
        id = await (key ?? keyIn(turn, role, text, whole));
        return await kept(stored, id, async () => {
          if (before) await before;
          const metadata = whole ? undefined : { partial: true };
          return client.ingestV6({ ...ids, type: "message", role, content: text, idempotency_key: id, metadata });
        });
      } catch (error) {
        // A repeated call may have better luck; the key stays the same.
        stored.delete(id);
        tell(error);
        return undefined;
      }
    };
    const promise = ingest();
    last = promise;
    try {
      waitUntil?.(promise);
    } catch (error) {
      tell(error);
    }
    return promise;
  };

  return {
    store,

    async prepare(messages, signal) {
      const turn = turnOf(messages);
      const { text } = turn;
      if (text.trim() === "") return [...messages];
      const key = keyIn(turn, "user", text, true);
      const known = key.catch(() => {});
      let memory = "";
      try {
        memory = await recalled(turn, signal);
      } finally {
        // After the recall, which would bring the question itself; before the model, whatever became of the recall.
        void store("user", turn, text, true, key);
        await known;
      }
      return memory === "" ? [...messages] : placed(messages, turn, memory, placement);
    },
  };
}

/** What `map` has under `key`, else what `make` gives; of many the oldest is forgotten. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
    if (map.size > KEPT) map.delete(map.keys().next().value as string);
  }
  return value;
}
