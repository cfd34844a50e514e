// What the compiler must refuse: each line below an expectation is an error, and no other line is.
import { ClaivClient, type IngestRequest, type RecallResponse } from "claiv-memory";

declare const client: ClaivClient;
const EVENT = { user_id: "u", type: "message", content: "c" } as const;
const WISH = { user_id: "u", task: "t", token_budget: 200 };

// @ts-expect-error options are required
new ClaivClient();
// @ts-expect-error the key is required
new ClaivClient({});
// @ts-expect-error a key is no number
new ClaivClient({ apiKey: 5 });
// @ts-expect-error a function must give a string
new ClaivClient({ apiKey: () => 5 });
// @ts-expect-error nothing is no key
new ClaivClient({ apiKey: undefined });
// @ts-expect-error the address is text
new ClaivClient({ apiKey: "k", baseUrl: new URL("https://api.claiv.io") });
// @ts-expect-error durations are numbers
new ClaivClient({ apiKey: "k", timeout: "30s" });
// @ts-expect-error fetch must give a promise of a Response
new ClaivClient({ apiKey: "k", fetch: () => 5 });
// @ts-expect-error a misspelt option is noticed
new ClaivClient({ apiKey: "k", baseURL: "https://api.claiv.io" });
// @ts-expect-error header values are text
new ClaivClient({ apiKey: "k", defaultHeaders: { "x-a": 1 } });
// @ts-expect-error an environment is an object
ClaivClient.fromEnv("CLAIV_API_KEY");

// @ts-expect-error a request is required
void client.ingest();
// @ts-expect-error content is required
void client.ingest({ user_id: "u", type: "message" });
// @ts-expect-error there is no such type of event
void client.ingest({ ...EVENT, type: "note" });
// @ts-expect-error there is no such role
void client.ingest({ ...EVENT, role: "robot" });
// @ts-expect-error metadata is an object
void client.ingest({ ...EVENT, metadata: "m" });
// @ts-expect-error times are text
void client.ingest({ ...EVENT, event_time: new Date() });
// @ts-expect-error names on the wire are snake_case
void client.ingest({ userId: "u", type: "message", content: "c" });
// @ts-expect-error many are a list
void client.ingestMany(EVENT);
// @ts-expect-error the width is a number
void client.ingestMany([EVENT], { concurrency: "8" });
// @ts-expect-error a hook is a function
new ClaivClient({ apiKey: "k", onRequest: "log" });
// @ts-expect-error a hook is told no key
new ClaivClient({ apiKey: "k", onRequest: (event) => event.headers });
// @ts-expect-error a budget is a number
void client.recall({ ...WISH, token_budget: "200" });
// @ts-expect-error a budget is required
void client.recall({ user_id: "u", task: "t" });
// @ts-expect-error a user is required
void client.forget({});
// @ts-expect-error a user is required
void client.forgetV2({ thread_id: "t" });
// @ts-expect-error the limit is a number
void client.listDeletionReceipts({ limit: "5" });
// @ts-expect-error an id is required
void client.getDeletionReceipt();
// @ts-expect-error ids are text
void client.getDeletionReceipt(5);
// @ts-expect-error there is no such range
void client.getUsageSummary("year");
// @ts-expect-error a request takes the ranges that are known, not any text
void client.getUsageBreakdown("7d" as string);
// @ts-expect-error there is no such mode
void client.recallV2({ ...WISH, mode: "all" });
// @ts-expect-error relations are a list
void client.recallV2({ ...WISH, relations: "uses" });
// @ts-expect-error there is no such status
void client.recallV2({ ...WISH, status: "done" });
// @ts-expect-error an option of a call that there is not
void client.healthCheck({ retries: 5 });
// @ts-expect-error a controller is no signal
void client.healthCheck({ signal: new AbortController() });
// @ts-expect-error freeing is not for users
client.free();
// @ts-expect-error there is no such method
void client.ingestV9({});
// @ts-expect-error a promise is not its value
export const early: RecallResponse = client.recall(WISH);
// @ts-expect-error a required field may not be undefined
export const partial: IngestRequest = { user_id: undefined, type: "message", content: "c" };

export async function answers(): Promise<void> {
  const pack = await client.recall(WISH);
  // @ts-expect-error a response has no field that the contract does not have
  console.log(pack.blocks);
  // @ts-expect-error there may be no first block, no evidence, no limit
  const limit: number = (await client.getUsageLimits()).limits.tokens.limit;
  console.log(limit);
}
