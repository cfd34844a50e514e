// A process of the storm:  <runtime> process.mjs <"file" or "kv"> <path> <url> <first> <events>
import { denoKvStore, fileStore } from "claiv-memory/outbox";
import { send } from "./sender.mjs";

const [kind, path, url, first, events] = globalThis.Deno?.args ?? process.argv.slice(2);
const store = kind === "kv" ? denoKvStore(await globalThis.Deno.openKv(path)) : fileStore(path);
await send({ store, url, first: Number(first), events: Number(events), say: (line) => console.log(line) }).done;
globalThis.Deno?.exit();
