// No types of any environment: no DOM library, no @types. The declarations hold by themselves, and nothing in them is `any`.
import { ClaivApiError, ClaivClient, type CallOptions, type ClaivClientOptions, type ClaivFetch, type ClaivFetchInit, type ClaivHeadersLike, type ClaivSignal, type HostSignal } from "claiv-memory";
import { ClaivEmulator, type EmulatorFetch } from "claiv-memory/emulator";

type IsAny<T> = 0 extends 1 & T ? true : false;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_T extends true>(): void => {};
const isNoAny = <_T extends false>(): void => {};

isNoAny<IsAny<NonNullable<CallOptions["headers"]>>>();
isNoAny<IsAny<Parameters<EmulatorFetch>[0]>>();
isNoAny<IsAny<Awaited<ReturnType<EmulatorFetch>>>>();
isNoAny<IsAny<ClaivFetchInit["signal"]>>();
holds<Same<HostSignal, ClaivSignal>>();
holds<Same<ClaivApiError["headers"], ClaivHeadersLike>>();

const send: ClaivFetch = async (url, init) => ({ status: 200, text: async () => `${init.method} ${url} ${init.headers["accept"]}` });
const options: ClaivClientOptions = { apiKey: "k", fetch: send, defaultHeaders: { "x-a": undefined } };
export const clients: ClaivClient[] = [new ClaivClient(options), new ClaivClient({ apiKey: "k", fetch: new ClaivEmulator().fetch })];

export async function cut(client: ClaivClient, signal: ClaivSignal): Promise<boolean> {
  return (await client.healthCheck({ signal })).ok;
}
// @ts-expect-error a signal can be listened to
void clients[0]!.healthCheck({ signal: { aborted: false } });
