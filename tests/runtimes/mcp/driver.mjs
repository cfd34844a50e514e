// claiv-memory/mcp as a Worker, asked over HTTP by the official clients of both SDKs.
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { at } from "../../../scripts/lib/project.mjs";
import { startWorkerd } from "../workerd/driver.mjs";

const WORKER = `
import { createMcpHandler } from "@modelcontextprotocol/server";
import { ClaivClient } from "claiv-memory";
import { createClaivMcpServer } from "claiv-memory/mcp";
import urls from "./urls.js";

export default {
  fetch(request) {
    const client = new ClaivClient({ apiKey: "a-key", baseUrl: urls.emulator, maxRetries: 0 });
    const user_id = new URL(request.url).pathname.slice(1);
    return createMcpHandler(() => createClaivMcpServer({ client, user_id, conversation_id: "mcp", allowForget: true })).fetch(request);
  },
};
`;

/** What \`startWorkerd\` serves as a module of its own. */
const OWN = { name: "own", setup: ({ onResolve }) => onResolve({ filter: /^claiv-memory$/ }, ({ path }) => ({ path, external: true })) };

async function clients(t) {
  const require = createRequire(join(await t.tools("tests/mcp"), "x.js"));
  const load = (name) => import(pathToFileURL(require.resolve(name)));
  const two = await load("@modelcontextprotocol/client");
  const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
  const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
  return { 2: { Client: two.Client, Http: two.StreamableHTTPClientTransport }, 1: { Client, Http: StreamableHTTPClientTransport } };
}

async function runCase(group, name, work) {
  const began = Date.now();
  const message = await work().then(() => undefined, (error) => error.stack);
  return { group, name, outcome: message ? "failed" : "passed", message, ms: Date.now() - began };
}

export const rows = [{
  id: "mcp-workerd",
  title: "claiv-memory/mcp in Cloudflare workerd",
  quick: true,
  async run(t) {
    const folder = t.workspace({ "urls.js": `export default ${JSON.stringify(t.urls)};\n`, "worker.src.js": WORKER });
    const sdk = join(folder, "node_modules/@modelcontextprotocol/server");
    mkdirSync(dirname(sdk), { recursive: true });
    symlinkSync(at("node_modules/@modelcontextprotocol/server"), sdk);
    await build({ entryPoints: [join(folder, "worker.src.js")], outfile: join(folder, "worker.mjs"), bundle: true, format: "esm", target: "es2022", conditions: ["workerd", "worker", "browser"], plugins: [OWN], logLevel: "silent" });
    const { url } = await startWorkerd(t, folder, "worker.mjs");
    const results = [];
    for (const [major, { Client, Http }] of Object.entries(await clients(t))) {
      const group = `client of SDK ${major}`;
      const client = new Client({ name: "a-test", version: "1" });
      t.after(() => client.close());
      const call = async (name, args = {}) => {
        const { content: [{ text }], isError = false } = await client.callTool({ name, arguments: args });
        return `${isError ? "error: " : ""}${text}`;
      };
      const has = (text, part) => { if (!text.includes(part)) throw new t.Failure(`${JSON.stringify(text)} has no ${part}`); };
      results.push(
        await runCase(group, "it lists its tools", async () => {
          await client.connect(new Http(new URL(`${url}/user-${major}`)));
          has((await client.listTools()).tools.map(({ name }) => name).join(), "recall_memory,remember,forget_memory,list_documents");
        }),
        await runCase(group, "it remembers, recalls and forgets, for its user only", async () => {
          has(await call("recall_memory", { query: "Which seat?" }), "Nothing is remembered");
          has(await call("remember", { content: "Ada prefers window seats" }), "It is remembered.");
          has(await call("recall_memory", { query: "Which seat?" }), "Ada prefers window seats");
          has(await call("list_documents"), "There are no documents.");
          has(await call("forget_memory"), 'Deleted: {"events":1');
        }),
        await runCase(group, "an outage is an error of the tool", async () => {
          t.services.emulator.addFault({ status: 503 });
          has(await call("recall_memory", { query: "Which seat?" }), "error: The memory did not answer (ClaivServerError");
        }),
      );
    }
    return { version: JSON.parse(readFileSync(at("node_modules/@modelcontextprotocol/server/package.json"), "utf8")).version, results };
  },
}];
