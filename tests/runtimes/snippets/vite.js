// src/main.js
import { ClaivClient } from "claiv-memory";

const claiv = new ClaivClient({ baseUrl: `${location.origin}/api/claiv`, apiKey: "session" });
const pack = await claiv.recall({ user_id: "me", task: "Greet the user", token_budget: 400 });
document.body.append(JSON.stringify(pack.memory_blocks));
