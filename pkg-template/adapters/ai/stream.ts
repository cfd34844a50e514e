// Listens to a model's stream as it passes.
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

/** What is read of a part of a stream, in any version of the specification. */
interface StreamPart {
  type: string;
  delta?: string;
}

/**
 * The same stream. `onEnd` is told once, when it ends in whatever way, what was said until then and whether that is the whole answer: the model
 * ended it, and reported no error.
 *
 * A TransformStream would not do: its `flush` is not called where the reader leaves, and its `cancel` is missing in older runtimes.
 */
export function listened<Part extends StreamPart>(stream: StreamLike<Part>, signal: Signal | undefined, onEnd: (said: string, whole: boolean) => void): StreamLike<Part> {
  const reader = stream.getReader();
  let said = "";
  let whole = false;
  let ended = false;
  const end = (): void => {
    signal?.removeEventListener("abort", end);
    if (!ended) onEnd(said, whole);
    ended = true;
  };
  signal?.addEventListener("abort", end);
  return new ReadableStream<Part>({
    pull: (controller) =>
      reader.read().then(
        ({ done, value }) => {
          const part = value as Part;
          if (done || part.type === "error") end();
          if (done) return controller.close();
          if (part.type === "text-delta") said += part.delta;
          if (part.type === "finish") whole = true;
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
