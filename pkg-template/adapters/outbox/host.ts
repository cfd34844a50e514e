// What the outbox uses of its host, typed here: it is compiled without the types of any one runtime.

/** An AbortSignal, as far as it is used here. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Something that tells of events. */
interface Events {
  addEventListener?(type: string, listener: () => void, capture?: boolean): void;
  removeEventListener?(type: string, listener: () => void, capture?: boolean): void;
}

interface Host extends Events {
  AbortController: new () => { readonly signal: Signal; abort(reason?: unknown): void };
  setTimeout(work: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  console: { warn(...values: unknown[]): void };
  /** There is none in Node 18, and no `randomUUID` on insecure origins. */
  crypto?: { randomUUID?(): string; getRandomValues(numbers: Uint32Array): Uint32Array };
  document?: Events & { readonly hidden: boolean };
  navigator?: { readonly locks?: Locks };
}

/** The Web Locks API. */
export interface Locks {
  request<T>(name: string, options: { signal: Signal }, work: () => Promise<T>): Promise<T>;
}

export const host = globalThis as unknown as Host;

/** A signal that never fires. */
export const never = (): Signal => new host.AbortController().signal;

/**
 * Resolves after `ms`, or once `signal` fires. With `idle` a program of Node's may end meanwhile: what waits is in its store.
 */
export const sleep = (ms: number, signal?: Signal, idle = false): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      host.clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = host.setTimeout(end, ms);
    if (idle) (timer as { unref?(): void }).unref?.();
    signal?.addEventListener("abort", end, { once: true });
  });

/** A random name: a UUID, or where the host makes none four random numbers. */
export function randomName(): string {
  const { crypto } = host;
  return crypto?.randomUUID?.() ?? [...(crypto?.getRandomValues(new Uint32Array(4)) ?? [0, 0, 0, 0].map(Math.random))].join("-");
}
