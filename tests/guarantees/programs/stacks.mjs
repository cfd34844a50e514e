// Every kind of error, awaited by functions with names; prints the stacks. The lines that await are marked.
import { createServer } from "node:http";
import { once } from "node:events";
import { ClaivClient } from "claiv-memory";
import { createRequire } from "node:module";

const required = createRequire(import.meta.url)("claiv-memory");
const server = createServer((incoming, outgoing) => {
  incoming.resume();
  const [, scenario] = incoming.url.split("/");
  if (scenario === "hang") return;
  if (scenario === "drop") return void incoming.socket.destroy();
  outgoing.writeHead(Number(scenario), { "content-type": "application/json" });
  outgoing.end(scenario === "200" ? "<html>" : '{"error":{"code":"c","message":"m","request_id":"r"}}');
}).listen(0, "127.0.0.1");
await once(server, "listening");
const event = { user_id: "u", type: "message", content: "c" };
const base = `http://127.0.0.1:${server.address().port}`;
const soon = () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  return controller.signal;
};

function kinds({ ClaivClient: Class }) {
  const at = (scenario, options) => new Class({ apiKey: "key", baseUrl: `${base}/${scenario}`, maxRetryDelay: 1, ...options });
  const closed = at("hang");
  closed.close();
  return {
    ClaivBadRequestError: () => at(400).ingest(event),
    ClaivServerError: () => at(503).ingest(event),
    ClaivTimeoutError: () => at("hang", { timeout: 30 }).ingest(event),
    "ClaivTimeoutError in all": () => at("hang").ingest(event, { totalTimeout: 30 }),
    ClaivNetworkError: () => at("drop").ingest(event),
    AbortError: () => at("hang").ingest(event, { signal: soon() }),
    "AbortError at once": () => at("hang").ingest(event, { signal: AbortSignal.abort() }),
    ClaivResponseError: () => at(200).ingest(event),
    ClaivValidationError: () => at(200).ingest({ user_id: 5 }),
    ClaivError: () => closed.ingest(event),
    "ClaivError of a key": () => at(200, { apiKey: async () => { throw new Error("no key"); } }).ingest(event),
    "ClaivError of a copy": () => Object.create(Class.prototype).ingest(event),
    "ClaivBadRequestError of a list": async () => { for await (const one of at(400).documents({ user_id: "u" })) void one; },
  };
}

async function asked(call) {
  await call(); // awaits in asked
}

async function main(call) {
  try {
    await asked(call); // awaits in main
  } catch (error) {
    return { name: error.name, message: error.message, stack: error.stack };
  }
  return undefined;
}

const stacks = {};
for (const [how, names] of [["import", { ClaivClient }], ["require", required]]) {
  for (const [kind, call] of Object.entries(kinds(names))) stacks[`${how}: ${kind}`] = await main(call);
}
console.log(JSON.stringify(stacks));
process.exit();
