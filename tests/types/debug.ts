// The development build has the types of the main entry, and either stands where the other is asked for.
import * as main from "claiv-memory";
import * as debug from "claiv-memory/debug";
import type { ClaivClientOptions, IngestRequest, IngestResponse } from "claiv-memory/debug";

export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
export const names: Same<keyof typeof main, keyof typeof debug> = true;

const options: ClaivClientOptions = { apiKey: "k" };
const client = new debug.ClaivClient(options);
const request: IngestRequest = { user_id: "u", type: "message", content: "hello" };
export const answer: Promise<IngestResponse> = client.ingest(request);

export const mains: main.ClaivClient = client;
export const debugs: debug.ClaivClient = new main.ClaivClient(options);

// @ts-expect-error a request without its content
void client.ingest({ user_id: "u", type: "message" });
