//! The types a TypeScript program sees.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A function of the shape of `fetch`, which also serves as a handler of Deno, Bun, Workers and the like. */
export interface EmulatorFetch {
  (input: HostRequest | { readonly href: string; toString(): string } | string, init?: HostRequestInit): Promise<HostResponse>;
  (request: HostRequest, ...context: unknown[]): Promise<HostResponse>;
}

/** The program's own `Request`, where it has types of `fetch` (the DOM library, @types/node, those of Workers or Deno). */
export type HostRequest = typeof globalThis extends { Request: { prototype: infer T } } ? T : { readonly method: string; readonly url: string };

/** What the program's own `Request` is made with, where it has types of `fetch`. */
export type HostRequestInit = typeof globalThis extends { Request: { new (input: never, init?: infer T): unknown } }
  ? T
  : { method?: string; headers?: { [name: string]: string }; body?: string; signal?: unknown };

/** The program's own `Response`, where it has types of `fetch`. */
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
  /** What a billing cycle allows. By default nothing is limited. */
  readonly quota?: EmulatorQuota | undefined;
  /** The clock: a function that tells the time, or the time at which a clock starts that runs on. By default the machine's clock. */
  readonly now?: (() => number) | EmulatorTime | undefined;
  /** How long each answer takes at least, in milliseconds. By default 0. */
  readonly latency?: number | undefined;
  /** The largest request body taken, in bytes; beyond it the answer is 413. By default 16 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** How many of the latest requests `requests` keeps. By default 1000. */
  readonly logLimit?: number | undefined;
  /** Whether changes are kept for `takeChanges`. By default false. */
  readonly journal?: boolean | undefined;
}

/** Limits of a billing cycle; what is absent does not limit. */
export interface EmulatorQuota {
  /** Requests. */
  readonly requests?: number | null | undefined;
  /** Tokens stored or recalled. */
  readonly tokens?: number | null | undefined;
  /** Units of work: one for each event stored, recall or deletion. */
  readonly workUnits?: number | null | undefined;
  /** Events stored. */
  readonly ingestEvents?: number | null | undefined;
  /** The day of the month on which a cycle starts, 1 to 28. By default 1. */
  readonly billingCycleDay?: number | undefined;
  /** The name of the plan. By default `"emulator"`. */
  readonly plan?: string | undefined;
  /** The seconds a refused client is told to wait. By default the time until the next cycle. */
  readonly retryAfter?: number | undefined;
}

/** Something that goes must_be_error, for the next requests it applies to. */
export interface EmulatorFault {
  /** Only requests of this method. */
  readonly method?: string | undefined;
  /** Only requests to this path; a `*` at its end stands for anything. */
  readonly path?: string | undefined;
  /** How many requests it meets; `Infinity` for all. By default 1. */
  readonly times?: number | undefined;
  /** Whether the request takes effect first, so that only its answer is delayed, replaced or lost. By default false. */
  readonly after?: boolean | undefined;
  /** How long to wait, in milliseconds; `Infinity` for a request that is never answered. */
  readonly delayMs?: number | undefined;
  /** @deprecated The name that `delayMs` had before. */
  readonly delay?: number | undefined;
  /** Whether the connection is dropped: `fetch` rejects with a `TypeError`. With `truncate`, in the midst of the answer: its body does. */
  readonly drop?: boolean | undefined;
  /** The status to answer with, 200 to 599. */
  readonly status?: number | undefined;
  /** The Retry-After field to answer with: a number of seconds, which also becomes `details.retry_after`, or a date of HTTP. */
  readonly retryAfterSeconds?: number | string | undefined;
  /** @deprecated The name that `retryAfterSeconds` had before. */
  readonly retryAfter?: number | string | undefined;
  /** The code of the error. By default the one that goes with the status. */
  readonly code?: string | undefined;
  /** The message of the error. */
  readonly message?: string | undefined;
  /** Further header fields of the answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body to answer with: a string as it is, anything else as JSON. By default an error of the service's shape. */
  readonly body?: unknown;
  /** Cuts the body of the answer off in its middle. A number is what `truncateBytes` is now. */
  readonly truncate?: boolean | number | undefined;
  /** Cuts the body of the answer off after so many bytes. */
  readonly truncateBytes?: number | undefined;
}

/** A request the emulator got. Its API key is not part of it. */
export interface EmulatorRequest {
  /** The identifier its answer carried. */
  readonly requestId: string;
  /** When it came, in ISO 8601, by the emulator's clock. */
  readonly time: string;
  /** The method. */
  readonly method: string;
  /** The path as sent. */
  readonly path: string;
  /** The query, decoded. */
  readonly query: Readonly<Record<string, string>>;
  /** The header fields; `authorization` is redacted. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body: parsed if it is JSON, else text; null if there is none or it is larger than 64 KiB. */
  readonly body: unknown;
  /** The size of the body. */
  readonly bodyBytes: number;
  /** Whether a fault met it. */
  readonly fault: boolean;
  /** The status it was answered with; null if it was dropped, aborted or is under way. */
  readonly status: number | null;
  /** How long it took, in milliseconds; null while it is under way and if it was aborted. */
  readonly durationMs: number | null;
}
"#;
