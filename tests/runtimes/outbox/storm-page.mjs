// A page that is a sender of the storm: asks which events are its own, queues and sends them, and tells how far it is.
import { indexedDBStore } from "claiv-memory/outbox";
import { send } from "./sender.mjs";

const post = (path, body) => fetch(path, { method: "POST", body });
const { serial, ...sender } = await (await post("/begin")).json();
let last = Promise.resolve();
// One after the other: they are told in order.
const say = (line) => { last = last.then(() => post(`/say/${serial}`, line)).catch(() => {}); };
send({ ...sender, store: indexedDBStore(), say }).done.catch((error) => say(`failed ${error.stack ?? error}`));
