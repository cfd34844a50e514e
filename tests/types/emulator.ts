// The emulator beside the client.
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator, type ClaivEmulatorOptions, type EmulatorFault, type EmulatorFetch, type EmulatorRequest } from "claiv-memory/emulator";

const options: ClaivEmulatorOptions = { apiKeys: ["k"], quota: { requests: 5 }, now: () => 0 };
const emulator = new ClaivEmulator(options);
const faults: EmulatorFault[] = [{ status: 503, times: 2, retryAfterSeconds: 1 }, { drop: true, truncateBytes: 5 }, { delayMs: Infinity }, { delay: 1, retryAfter: 1, truncate: 1 }];
const handler: EmulatorFetch = emulator.fetch;

export const client = new ClaivClient({ apiKey: "k", fetch: emulator.fetch });
export const worker: { fetch: (request: Request) => Promise<Response> } = { fetch: emulator.fetch };

export async function use(): Promise<string[]> {
  emulator.addFault(faults);
  const response: Response = await handler(new Request("https://api.claiv.io/healthz"));
  const requests: EmulatorRequest[] = emulator.requests;
  const state: string = emulator.exportState();
  emulator.importState(state);
  const lines: Uint8Array[] = emulator.exportLines();
  const applied: number = emulator.applyChanges(lines[0] ?? "");
  const left: boolean = emulator.hasChanges || emulator.prepare() || applied > 0;
  emulator.reset();
  return [String(response.status), String(left), ...requests.map(({ method, path, status }) => `${method} ${path} ${status ?? 0}`)];
}

// @ts-expect-error there is no such option
new ClaivEmulator({ keys: ["k"] });
// @ts-expect-error a fault's status is a number
emulator.addFault({ status: "503" });
