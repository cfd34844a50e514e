// Collects the text of a model's stream while the program reads it.
import type { Signal } from "./memory.js";

/** What is used of the Streams standard, which every runtime of the adapters has. */
export interface StreamLike<Part = unknown> {
  getReader(): { read(): Promise<{ done: boolean; value?: Part | undefined }>; cancel(reason?: unknown): Promise<void> };
}

interface Source<Part> {
  pull(controller: { enqueue(part: Part): void; close(): void }): Promise<void>;
  cancel(reason: unknown): Promise<void>;
}

declare const ReadableStream: new <Part>(source: Source<Part>, strategy: { highWaterMark: number }) => StreamLike<Part>;

/** The fields of a part of a stream that are read here, the same in all versions of the specification. */
interface StreamPart {
  type: string;
  delta?: string;
}

/**
 * The same stream. `onText` is called when it ends in whatever way, with the text so far and whether that is the whole answer: the model ended it and
 * reported no error. It is called at each reported error as well, and again at the end: the program may stop reading there, or the provider may go on after
 * a chunk that it could not parse.
 *
 * Not a TransformStream: its `flush` is not called where the reader cancels, and its `cancel` is missing in older runtimes.
 */
export function withTextAtEnd<Part extends StreamPart>(stream: StreamLike<Part>, signal: Signal | undefined, onText: (text: string, whole: boolean) => void): StreamLike<Part> {
  const reader = stream.getReader();
  let text = "";
  /** Undefined until the model ends the answer or reports an error; an error is final. */
  let whole: boolean | undefined;
  let ended = false;
  const tell = (): void => {
    if (!ended) onText(text, whole === true);
  };
  const end = (): void => {
    signal?.removeEventListener("abort", end);
    tell();
    ended = true;
  };
  signal?.addEventListener("abort", end);
  return new ReadableStream<Part>({
    pull: (controller) =>
      reader.read().then(
        ({ done, value }) => {
          const part = value as Part;
          if (done) {
            end();
            return controller.close();
          }
          if (part.type === "text-delta") text += part.delta;
          if (part.type === "finish") whole ??= true;
          if (part.type === "error") {
            whole = false;
            tell();
          }
          controller.enqueue(part);
        },
        (error) => {
          end();
          throw error;
        },
      ),
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
