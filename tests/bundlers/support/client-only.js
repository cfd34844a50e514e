// A page that only uses the client.
import { ClaivClient } from "claiv-memory";

const claiv = new ClaivClient({ apiKey: "a-key", baseUrl: location.origin });
document.title = claiv.constructor.name;
