// A page that only uses the client, by both of its entries.
import { ClaivClient } from "claiv-memory";
import { ClaivClient as V6Client } from "claiv-memory/v6";

const claiv = new ClaivClient({ apiKey: "a-key", baseUrl: location.origin });
const v6 = new V6Client({ apiKey: "a-key", baseUrl: location.origin });
document.title = `${claiv.constructor.name} ${v6 instanceof ClaivClient}`;
