// The clients that are measured. All are compared with the first, the hand-written one; the second is claiv-memory.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const HAND = "hand-written";
export const OURS = "claiv-memory";

/** `name` is its module in clients/, `module` its npm package, `exported` what of it is weighed: all, unless it has a default export. */
export const CLIENTS = [
  { name: HAND },
  { name: OURS, module: "claiv-memory" },
  { name: "openai", module: "openai", exported: "{ default }" },
  { name: "anthropic", module: "@anthropic-ai/sdk", exported: "{ default }" },
  { name: "ky", module: "ky", exported: "{ default }" },
  { name: "ofetch", module: "ofetch" },
  { name: "supermemory", module: "supermemory", exported: "{ default }" },
].map((client) => ({ title: client.module ?? client.name, ...client }));

export const PEERS = CLIENTS.filter(({ name }) => name !== HAND);

/** All clients once: in turn forwards and backwards, beginning with another one in each round. */
export function order(round, clients = CLIENTS) {
  const shift = Math.floor(round / 2) % clients.length;
  const turned = [...clients.slice(shift), ...clients.slice(0, shift)];
  return round % 2 ? turned.reverse() : turned;
}

export const versionOf = (modules, { module }) => module && JSON.parse(readFileSync(join(modules, module, "package.json"), "utf8")).version;
