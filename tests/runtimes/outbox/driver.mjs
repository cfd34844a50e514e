// The outbox over the stores of other runtimes.
import { rows as browsers } from "./browsers.mjs";
import { rows as cloudflare } from "./cloudflare.mjs";
import { rows as deno } from "./deno.mjs";
import { rows as example } from "./example.mjs";
import { rows as storms } from "./storm.mjs";

export const rows = [...browsers, ...cloudflare, ...deno, ...example, ...storms];
