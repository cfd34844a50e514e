// Node with @types/node and nothing else: undici's fetch of both versions, node-fetch, Node's own streams, and the key from the environment.
import { Blob as NodeBlob } from "node:buffer";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { ReadableStream as NodeStream } from "node:stream/web";
import * as undici7 from "undici";
import * as undici6 from "undici-6";
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";

const key = "k";

// The key is text or undefined, so it is not taken as it is: an environment without it would only be noticed by the service.
// @ts-expect-error it may be undefined
new ClaivClient({ apiKey: process.env.CLAIV_API_KEY });
export const fromEnvironment: ClaivClient[] = [
  ClaivClient.fromEnv(),
  ClaivClient.fromEnv(process.env, { timeout: 5000 }),
  new ClaivClient({ apiKey: process.env.CLAIV_API_KEY! }),
  new ClaivClient({ apiKey: process.env.CLAIV_API_KEY ?? "", baseUrl: process.env.CLAIV_BASE_URL }),
];

const agent7 = new undici7.Agent({ headersTimeout: 600_000 });
const agent6 = new undici6.Agent({ headersTimeout: 600_000 });
export const clients: ClaivClient[] = [
  new ClaivClient({ apiKey: key, fetch: undici7.fetch, defaultHeaders: new undici7.Headers() }),
  new ClaivClient({ apiKey: key, fetch: undici6.fetch, defaultHeaders: new undici6.Headers() }),
  new ClaivClient({ apiKey: key, fetch: (url, init) => undici7.fetch(url, { ...init, dispatcher: agent7 }) }),
  new ClaivClient({ apiKey: key, fetch: (url, init) => undici6.fetch(url, { ...init, dispatcher: agent6 }) }),
  new ClaivClient({ apiKey: key, fetch: new ClaivEmulator().fetch }),
];

// As node-fetch declares itself: a signal and a body of its own, streams of Node.
interface FetchSignal {
  readonly aborted: boolean;
  addEventListener: (type: "abort", listener: (this: FetchSignal, event: any) => any, options?: boolean | { once?: boolean }) => void;
  removeEventListener: (type: "abort", listener: (this: FetchSignal, event: any) => any) => void;
  dispatchEvent: (event: any) => boolean;
  onabort: null | ((this: FetchSignal, event: any) => any);
}
declare class FetchHeaders implements Iterable<[string, string]> {
  constructor(init?: Iterable<readonly [string, string]> | Record<string, string>);
  get(name: string): string | null;
  has(name: string): boolean;
  forEach(callback: (this: undefined, value: string, key: string, parent: FetchHeaders) => void, thisArg?: any): void;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare class FetchResponse {
  readonly status: number;
  readonly headers: FetchHeaders;
  readonly body: NodeJS.ReadableStream | null;
  readonly bodyUsed: boolean;
  text(): Promise<string>;
  json(): Promise<unknown>;
}
declare function nodeFetch(
  url: URL | string,
  init?: {
    method?: string;
    headers?: FetchHeaders | Record<string, string> | Iterable<readonly [string, string]>;
    body?: NodeJS.ReadableStream | Buffer | string | null;
    redirect?: "follow" | "error" | "manual";
    signal?: FetchSignal | null;
    size?: number;
  },
): Promise<FetchResponse>;
export const other = new ClaivClient({ apiKey: key, fetch: nodeFetch, defaultHeaders: new FetchHeaders() });
export const cut = (signal: FetchSignal) => other.healthCheck({ signal });

export async function streams(client: ClaivClient): Promise<void> {
  const rest = { user_id: "u", document_name: "n", project_id: "p" };
  await client.uploadDocument({ ...rest, content: new NodeBlob(["c"]) });
  await client.uploadDocument({ ...rest, content: new NodeStream<string>() });
  await client.uploadDocument({ ...rest, content: new NodeStream<Uint8Array>() });
  await client.uploadDocument({ ...rest, content: Readable.toWeb(Readable.from(["c"])) });
  // @ts-expect-error a stream of Node's older kind is turned into one of the web's
  await client.uploadDocument({ ...rest, content: Readable.from(["c"]) });
}

export const server = createServer(async (request, response) => {
  const answer = await new ClaivEmulator().fetch(`http://localhost${request.url}`, { method: request.method ?? "GET" });
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
});
