// What the client takes of JavaScript's environment and gives back, without the types of any one environment. Where the program has
// types of `fetch` and its kin (the DOM library, @types/node, those of Workers or Deno), what the client gives is of those types.

/** An `AbortSignal` of any environment, realm or polyfill. */
export interface ClaivSignal {
  readonly aborted: boolean;
  /** Calls `listener` when the signal fires. */
  addEventListener(type: "abort", listener: (event: unknown) => void, options?: { once?: boolean }): void;
  /** No longer calls it. */
  removeEventListener(type: "abort", listener: (event: unknown) => void): void;
}

/** What is read of a `Headers` of any environment. */
export interface ClaivHeadersLike {
  /** The value of a header; null where there is none. */
  get(name: string): string | null;
  /** Whether there is such a header. */
  has(name: string): boolean;
  /** Calls `callback` for each header. */
  forEach(callback: (value: string, name: string) => void): void;
}

/** Headers to send: an object of names and values, a `Headers` of any environment, or pairs. A value that is undefined is left out. */
export type ClaivHeaders =
  | { readonly [name: string]: string | undefined }
  | readonly (readonly [name: string, value: string])[]
  | Iterable<readonly [name: string, value: string]>
  | ClaivHeadersLike;

/** The program's own `AbortSignal`, where it has the type. Workers' types are found by way of `Request`. */
export type HostSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : typeof globalThis extends { Request: { prototype: { signal: infer T } } }
    ? T
    : ClaivSignal;

/** The program's own `Headers`, where it has the type. Workers' types are found by way of `Response`. */
export type HostHeaders = typeof globalThis extends { Headers: { prototype: infer T } }
  ? T
  : typeof globalThis extends { Response: { prototype: { headers: infer T } } }
    ? T
    : ClaivHeadersLike;

/** What the client gives to `fetch` beside the URL. Any `RequestInit` can hold it. */
export interface ClaivFetchInit {
  method: string;
  headers: { [name: string]: string };
  /** Fires where the call is cut short. `onabort` is of no type, which fits those of all packages: they give it a `this` of their own. */
  signal: HostSignal & { onabort: never };
  redirect: "manual";
  /** JSON; absent where the request has no body. */
  body?: string;
  /** Given for GETs, in environments that know it. */
  cache?: "no-store";
}

/** What the client needs of a `Response`; that of every `fetch` has it. */
export type ClaivFetchResponse = {
  readonly status: number;
  readonly headers?: { get(name: string): string | null | undefined } | undefined;
} & ({ text(): Promise<string> } | { json(): Promise<unknown> });

/** A `fetch` of any environment or package, or a function of yours in its place. */
export type ClaivFetch = (url: string, init: ClaivFetchInit) => Promise<ClaivFetchResponse>;

/** A `Blob` or `File` of any environment. */
export interface ClaivBlob {
  readonly size: number;
  readonly type: string;
  /** The whole as text. */
  text(): Promise<string>;
}

/** A `ReadableStream` of any environment, of bytes of UTF-8 or of text. */
export interface ClaivReadableStream {
  readonly locked: boolean;
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | string | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}
