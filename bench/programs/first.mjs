// A page that makes one call and says how long after the navigation it had its answer.
import { make } from "claiv:client";
import { EVENT, KEY, NOWHERE, stub } from "./workload.mjs";

globalThis.done = make({ url: NOWHERE, key: KEY, fetch: stub }).ingest(EVENT).then(() => performance.now());
