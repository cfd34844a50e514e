// The memory as a middleware of the AI SDK.
import { type Signal, memoryOf } from "./memory.js";
import { type MemoryOptions, checked } from "./options.js";
import { type StreamLike, withTextAtEnd } from "./stream.js";
import { type MessageLike, type Turn, textOf, turnOf } from "./turn.js";

/** A type that fits those of both majors of the AI SDK; the fields that are used have types below. */
type Loose = any;

/**
 * A middleware for `wrapLanguageModel` of `ai` 6 and 7. Its specification version is v3, which both accept; the fields that it reads and changes are
 * the same in v3 and v4.
 */
export interface MemoryMiddleware {
  readonly specificationVersion: "v3";
  transformParams(options: { params: Loose; type?: Loose; model?: Loose }): Promise<Loose>;
  wrapGenerate(options: { doGenerate: () => PromiseLike<Loose>; doStream?: Loose; params: Loose; model?: Loose }): Promise<Loose>;
  wrapStream(options: { doStream: () => PromiseLike<Loose>; doGenerate?: Loose; params: Loose; model?: Loose }): Promise<Loose>;
}

interface Params {
  prompt: MessageLike[];
  abortSignal?: Signal;
}

/**
 * Gives a language model of the AI SDK a memory of its user: what is known that fits the user's message is put before it, and the message and the
 * answer are stored. For one conversation of one user; make one for each request.
 *
 * @throws TypeError where an option is missing, wrong or unknown
 * @example
 * const model = wrapLanguageModel({ model: openai("gpt-5"), middleware: claivMiddleware({ client: claiv, user_id: session.user.id, conversation_id: chatId }) });
 */
export function claivMiddleware(options: MemoryOptions): MemoryMiddleware {
  const memory = memoryOf(checked("claivMiddleware", options));
  /** The turn of each call, by the params that were made for it. */
  const turns = new WeakMap<object, Turn>();
  return {
    specificationVersion: "v3",

    async transformParams({ params }) {
      const { prompt, abortSignal } = params as Params;
      const changed = { ...params, prompt: await memory.prepare(prompt, abortSignal) };
      turns.set(changed, turnOf(prompt));
      return changed;
    },

    async wrapGenerate({ doGenerate, params }) {
      const result = await doGenerate();
      const turn = turns.get(params);
      if (turn) void memory.store("assistant", turn, textOf(result.content), true);
      return result;
    },

    async wrapStream({ doStream, params }) {
      const result = await doStream();
      const turn = turns.get(params);
      if (!turn) return result;
      const onText = (text: string, whole: boolean): void => void memory.store("assistant", turn, text, whole);
      return { ...result, stream: withTextAtEnd(result.stream as StreamLike<Loose>, (params as Params).abortSignal, onText) };
    },
  };
}
