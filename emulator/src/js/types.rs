//! The TypeScript declarations of options, faults and requests.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A function with the shape of `fetch`, which is also a request handler for Deno, Bun, Cloudflare Workers and similar servers. */
export interface EmulatorFetch {
  (input: HostRequest | { readonly href: string; toString(): string } | string, init?: HostRequestInit): Promise<HostResponse>;
  (request: HostRequest, ...context: unknown[]): Promise<HostResponse>;
}

/** The global `Request`, where the program has types of it (the DOM library, @types/node, those of Workers or Deno). */
export type HostRequest = typeof globalThis extends { Request: { prototype: infer T } } ? T : { readonly method: string; readonly url: string };

/** The second parameter of the constructor of the global `Request`, where the program has types of it. */
export type HostRequestInit = typeof globalThis extends { Request: { new (input: never, init?: infer T): unknown } }
  ? T
  : { method?: string; headers?: { [name: string]: string }; body?: string; signal?: unknown };

/** The global `Response`, where the program has types of it. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer T } }
  ? T
  : {
      readonly ok: boolean;
      readonly status: number;
      readonly headers: { get(name: string): string | null };
      /** The whole body as text. */
      text(): Promise<string>;
      /** The body as the value that its JSON stands for. */
      json(): Promise<unknown>;
    };

/** An instant: milliseconds since 1970, a `Date`, or an ISO 8601 string. */
export type EmulatorTime = number | Date | string;

/** Options of `ClaivEmulator`. */
export interface ClaivEmulatorOptions {
  /** The API keys that are accepted. By default any key that is not empty. */
  readonly apiKeys?: readonly string[] | undefined;
  /** The limits of a billing cycle. By default nothing is limited. */
  readonly quota?: EmulatorQuota | undefined;
  /** The clock: a function that returns milliseconds since 1970, or the time at which the clock starts; it runs on from there. By default the
   * machine's clock. */
  readonly now?: (() => number) | EmulatorTime | undefined;
  /** The least time that each response takes, in milliseconds. By default 0. */
  readonly latency?: number | undefined;
  /** The largest request body, in bytes; larger ones are answered with 413. By default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** How many of the latest requests `requests` keeps, 0 to 1,000,000. By default 1000. */
  readonly logLimit?: number | undefined;
  /** Whether changes are recorded for `takeChanges`. By default false. */
  readonly journal?: boolean | undefined;
}

/** The limits of a billing cycle. A limit that is absent or null is none. A request beyond a limit is answered with 429 `quota_exceeded`. */
export interface EmulatorQuota {
  /** The limit of requests. */
  readonly requests?: number | null | undefined;
  /** The limit of tokens stored or recalled. */
  readonly tokens?: number | null | undefined;
  /** The limit of work units: one for each event or document stored, recall, deletion or change of a collection. */
  readonly workUnits?: number | null | undefined;
  /** The limit of events stored. */
  readonly ingestEvents?: number | null | undefined;
  /** The day of the month on which a cycle starts (UTC), 1 to 28. By default 1. */
  readonly billingCycleDay?: number | undefined;
  /** The name of the plan. By default `"emulator"`. */
  readonly plan?: string | undefined;
  /** How long a refused client is told to wait, in seconds. By default the time until the next cycle. */
  readonly retryAfter?: number | undefined;
}

/** A scripted fault: a delay, an error or a lost connection, for the next requests that match. */
export interface EmulatorFault {
  /** Only requests with this method. By default all, except a browser's preflight (`OPTIONS`). */
  readonly method?: string | undefined;
  /** Only requests to this path, which starts with `/`; a `*` at its end matches any rest. By default all. */
  readonly path?: string | undefined;
  /** How many requests it applies to, at least 1; `Infinity` for all. By default 1. */
  readonly times?: number | undefined;
  /** Whether the request is executed first, so that only its response is delayed, replaced or lost. By default false. */
  readonly after?: boolean | undefined;
  /** How long to wait, in milliseconds; `Infinity` for a request that is never answered. By default 0. */
  readonly delayMs?: number | undefined;
  /** @deprecated The former name of `delayMs`. */
  readonly delay?: number | undefined;
  /** Whether the connection is dropped: `fetch` rejects with a `TypeError`. With `truncate` or `truncateBytes` it is dropped while the body is
   * sent: `fetch` resolves, and reading the body rejects. By default false. */
  readonly drop?: boolean | undefined;
  /** The status of the response, 200 to 599. By default 200 where there is a `body`. */
  readonly status?: number | undefined;
  /** The Retry-After field of the response: a number of seconds, which also becomes `details.retry_after`, or text such as an HTTP date. */
  readonly retryAfterSeconds?: number | string | undefined;
  /** @deprecated The former name of `retryAfterSeconds`. */
  readonly retryAfter?: number | string | undefined;
  /** The code of the error. By default the usual one of the status. */
  readonly code?: string | undefined;
  /** The message of the error. By default "A scripted fault." */
  readonly message?: string | undefined;
  /** Further header fields of the response. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body of the response: a string as it is, anything else as JSON. By default an error in the shape of the service where the status is 400 or
   * more, else none. */
  readonly body?: unknown;
  /** Whether the body of the response is cut off after half of its bytes. By default false. A number is accepted for `truncateBytes`, as before. */
  readonly truncate?: boolean | number | undefined;
  /** Cuts the body of the response off after this many bytes. */
  readonly truncateBytes?: number | undefined;
}

/** A request that the emulator received, without its API key. */
export interface EmulatorRequest {
  /** The request id, also in the `x-request-id` field of its response. */
  readonly requestId: string;
  /** When it arrived, by the emulator's clock, in ISO 8601. */
  readonly time: string;
  /** The method. */
  readonly method: string;
  /** The path as it was sent, still percent-encoded. */
  readonly path: string;
  /** The decoded parameters of the query. */
  readonly query: Readonly<Record<string, string>>;
  /** The header fields; `authorization` is redacted. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body: parsed where it is JSON, else text; null where there is none or it is larger than 64 KiB. */
  readonly body: unknown;
  /** The size of the body, in bytes. */
  readonly bodyBytes: number;
  /** Whether a fault applied to it. */
  readonly fault: boolean;
  /** The status of the response; null while it is under way, and where it was dropped or aborted. */
  readonly status: number | null;
  /** How long it took, in milliseconds; null while it is under way, and where it was aborted. */
  readonly durationMs: number | null;
}
"#;
