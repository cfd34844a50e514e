// With the types of one environment and no others: the options take its Headers, AbortSignal, Blob, ReadableStream and fetch without a
// cast, and what the client gives is of its types. Compiled with the DOM library, with @types/node, with Workers' types and by Deno.
import {
  ClaivApiError,
  ClaivClient,
  ClaivError,
  ClaivResponseError,
  type CallOptions,
  type ClaivCallResponse,
  type ClaivClientOptions,
  type ClaivFetch,
  type ClaivFetchInit,
  type DocumentUploadRequest,
} from "claiv-memory";
import { ClaivEmulator, type EmulatorFetch } from "claiv-memory/emulator";

/** True for `any` only. */
type IsAny<T> = 0 extends 1 & T ? true : false;
const holds = <_T extends true>(): void => {};
const isNoAny = <_T extends false>(): void => {};

// An unknown name in a declaration is silently `any` with skipLibCheck.
isNoAny<IsAny<ClaivFetch>>();
isNoAny<IsAny<ReturnType<ClaivFetch>>>();
isNoAny<IsAny<Awaited<ReturnType<ClaivFetch>>>>();
isNoAny<IsAny<ClaivFetchInit>>();
isNoAny<IsAny<ClaivFetchInit["signal"]>>();
isNoAny<IsAny<NonNullable<ClaivClientOptions["fetch"]>>>();
isNoAny<IsAny<NonNullable<ClaivClientOptions["defaultHeaders"]>>>();
isNoAny<IsAny<NonNullable<CallOptions["headers"]>>>();
isNoAny<IsAny<NonNullable<CallOptions["signal"]>>>();
isNoAny<IsAny<DocumentUploadRequest["content"]>>();
isNoAny<IsAny<ClaivApiError["headers"]>>();
isNoAny<IsAny<NonNullable<ClaivResponseError["headers"]>>>();
isNoAny<IsAny<ClaivCallResponse["headers"]>>();
isNoAny<IsAny<Parameters<EmulatorFetch>[0]>>();
isNoAny<IsAny<Awaited<ReturnType<EmulatorFetch>>>>();

// What the client gives is what the environment has.
type Extends<A, B> = [A] extends [B] ? true : false;
holds<Extends<ClaivApiError["headers"], Headers>>();
holds<Extends<Headers, ClaivApiError["headers"]>>();
holds<Extends<NonNullable<ClaivResponseError["headers"]>, Headers>>();
holds<Extends<ClaivCallResponse["headers"], Headers>>();
holds<Extends<ClaivFetchInit["signal"], AbortSignal>>();
holds<Extends<ClaivFetchInit, RequestInit>>();
holds<Extends<Awaited<ReturnType<EmulatorFetch>>, Response>>();
holds<Extends<Request, Parameters<EmulatorFetch>[0]>>();

const emulator = new ClaivEmulator();
const signal: AbortSignal = AbortSignal.timeout(5000);
const headers: Headers = new Headers({ "x-a": "1" });

export const clients: ClaivClient[] = [
  new ClaivClient({ apiKey: "k", fetch, defaultHeaders: headers }),
  new ClaivClient({ apiKey: "k", fetch: globalThis.fetch, defaultHeaders: { "x-a": "1", "x-b": undefined } }),
  new ClaivClient({ apiKey: "k", fetch: emulator.fetch, defaultHeaders: [["x-a", "1"]] }),
  new ClaivClient({ apiKey: "k", fetch: (url, init) => fetch(url, init), defaultHeaders: new Map([["x-a", "1"]]) }),
  new ClaivClient({ apiKey: "k", fetch: async (url, init) => fetch(new Request(url, { ...init, headers: { ...init.headers, "x-a": "1" } })) }),
  new ClaivClient({ apiKey: "k", fetch: async (url: string, init: RequestInit) => fetch(url, init) }),
  new ClaivClient({ apiKey: "k", fetch: async (url: string | URL | Request, init?: RequestInit): Promise<Response> => fetch(url, init) }),
  new ClaivClient({ apiKey: "k", fetch: async () => new Response("{}") }),
  new ClaivClient({ apiKey: "k", fetch: async () => ({ ok: true, status: 200, json: async () => ({ ok: true }) }) }),
  new ClaivClient({ apiKey: "k", fetch: async (url, { method, signal }) => new Response(JSON.stringify({ url, method, aborted: signal.aborted })) }),
];

export async function use(client: ClaivClient): Promise<void> {
  const call: CallOptions = { signal, headers };
  await client.healthCheck(call);
  await client.healthCheck({ signal: new AbortController().signal, headers: { "x-a": "1" } });
  const onResponse = (response: ClaivCallResponse): void => console.log(response.headers.get("retry-after"), new Headers(response.headers));
  await client.healthCheck({ onResponse });

  const rest = { user_id: "u", document_name: "n", project_id: "p" };
  const blob: Blob = new Blob(["c"]);
  const bytes: ReadableStream<Uint8Array> = new Response("c").body!;
  for (const content of ["c", blob, bytes]) await client.uploadDocument({ ...rest, content });
  await client.uploadDocument({ ...rest, content: new File(["c"], "c.md") });

  try {
    await client.getDeletionReceipt("r");
  } catch (error) {
    if (error instanceof ClaivApiError) console.log(error.headers.get("retry-after"), new Headers(error.headers));
    if (error instanceof ClaivResponseError) console.log(error.headers?.get("server"));
  }
  throw new ClaivApiError("m", { status: 418, headers });
}

export async function serve(request: Request): Promise<Response> {
  const answer: Response = await emulator.fetch(request);
  const other: Response = await emulator.fetch("https://api.claiv.io/healthz", { method: "GET", headers: { accept: "*/*" } });
  const third: Response = await emulator.fetch(new URL("https://api.claiv.io/healthz"));
  return [answer, other, third].find(({ ok }) => ok) ?? answer;
}

export const reason = (error: unknown): unknown => (error instanceof ClaivError ? error.cause : error);

// What the compiler must refuse, here as with the DOM library.
// @ts-expect-error fetch must give a promise
new ClaivClient({ apiKey: "k", fetch: () => new Response("{}") });
// @ts-expect-error a promise of something like a Response
new ClaivClient({ apiKey: "k", fetch: async () => ({ status: 200 }) });
// @ts-expect-error header values are text
new ClaivClient({ apiKey: "k", defaultHeaders: { "x-a": 1 } });
// @ts-expect-error a header's value may be left out, but is never null
new ClaivClient({ apiKey: "k", defaultHeaders: { "x-a": null } });
// @ts-expect-error a text is no headers
new ClaivClient({ apiKey: "k", defaultHeaders: "x-a: 1" });
// @ts-expect-error a controller is no signal
void clients[0]!.healthCheck({ signal: new AbortController() });
// @ts-expect-error bytes as they are say nothing of their encoding
void clients[0]!.uploadDocument({ user_id: "u", document_name: "n", project_id: "p", content: new Uint8Array(5) });
// @ts-expect-error a response is no document
void clients[0]!.uploadDocument({ user_id: "u", document_name: "n", project_id: "p", content: new Response("c") });
