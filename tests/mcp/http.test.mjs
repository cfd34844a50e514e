// The server by the SDK's own handler over fetch, in Node; the matrix of runtimes has it in workerd.
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";
import { createClaivMcpServer } from "claiv-memory/mcp";
import { listener } from "../../pkg-template/bin/serve.js";
import { SDKS, assert, call, connected, names } from "./support.mjs";

async function served(t, options = {}) {
  const emulator = new ClaivEmulator();
  const client = new ClaivClient({ apiKey: "test", fetch: emulator.fetch, maxRetries: 0 });
  const handler = createMcpHandler((context) => createClaivMcpServer({ client, user_id: new URL(context.requestInfo?.url ?? "http://x/ada").pathname.slice(1), conversation_id: "mcp", ...options }));
  const server = createServer(listener((request) => handler.fetch(request))).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => { server.close(); server.closeAllConnections(); });
  return { emulator, client, url: new URL(`http://127.0.0.1:${server.address().port}/ada`) };
}

for (const sdk of SDKS) {
  test(`client of SDK ${sdk.sdk} over HTTP: it remembers and recalls, and an outage is an error of the tool`, async (t) => {
    const { emulator, url } = await served(t);
    const client = await connected(t, sdk, new sdk.Http(url));
    assert.deepEqual(await names(client), ["list_documents", "recall_memory", "remember"]);
    await call(client, "remember", { content: "Ada prefers window seats" });
    assert.match(await call(client, "recall_memory", { query: "Which seat?" }), /window seats/);
    emulator.addFault({ drop: true, times: Infinity });
    assert.match(await call(client, "recall_memory", { query: "Which seat?" }, { fails: true }), /did not answer \(ClaivNetworkError/);
  });
}

test("no identity, no server: a missing user_id throws, and so does an unknown option", () => {
  const client = new ClaivClient({ apiKey: "test" });
  assert.throws(() => createClaivMcpServer({ client, conversation_id: "c" }), /^TypeError: createClaivMcpServer: user_id must be a text that is not empty$/);
  assert.throws(() => createClaivMcpServer({ client, user_id: "u", conversation_id: "c", allow_forget: true }), /^TypeError: createClaivMcpServer: there is no option allow_forget/);
  assert.throws(() => createClaivMcpServer({ client, user_id: "u", conversation_id: "c", allow: ["forget"] }), /^TypeError: createClaivMcpServer: there is no option allow;/);
  assert.throws(() => createClaivMcpServer(), /^TypeError: createClaivMcpServer: client must be an object$/);
  assert.throws(() => createClaivMcpServer({ client, user_id: "u", conversation_id: "c", version: 1 }), /^TypeError: createClaivMcpServer: version must be a text/);
  assert.throws(() => createClaivMcpServer({ client, user_id: "u", conversation_id: "c", allowForget: "yes" }), /^TypeError: createClaivMcpServer: allowForget must be true or false$/);
});
