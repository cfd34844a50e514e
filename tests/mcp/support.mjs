// The official clients of both SDKs, and the command that they start.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { tools } from "../../scripts/runtimes/install.mjs";

export const modules = await tools("tests/mcp");
const require = createRequire(join(modules, "x.js"));
const load = (name) => import(pathToFileURL(require.resolve(name)));

export const COMMAND = fileURLToPath(import.meta.resolve("claiv-memory/package.json").replace("package.json", "bin/claiv-mcp.js"));

const two = await load("@modelcontextprotocol/client");
const one = await load("@modelcontextprotocol/sdk/client/index.js");

/** `{ sdk, Client, Stdio, Http }` of both. */
export const SDKS = [
  { sdk: 2, Client: two.Client, Http: two.StreamableHTTPClientTransport, Stdio: (await load("@modelcontextprotocol/client/stdio")).StdioClientTransport },
  {
    sdk: 1, Client: one.Client,
    Http: (await load("@modelcontextprotocol/sdk/client/streamableHttp.js")).StreamableHTTPClientTransport,
    Stdio: (await load("@modelcontextprotocol/sdk/client/stdio.js")).StdioClientTransport,
  },
];

/** A client that is connected by `transport`, and closed with the test. */
export async function connected(t, { Client }, transport) {
  const client = new Client({ name: "a-test", version: "1" });
  await client.connect(transport);
  t.after(() => client.close());
  return client;
}

/** Starts the command under a client. `logged` tells what it wrote on standard error. */
export async function started(t, sdk, args, env = {}) {
  const transport = new sdk.Stdio({ command: process.execPath, args: [COMMAND, ...args], env: { PATH: process.env.PATH, ...env }, stderr: "pipe" });
  let logged = "";
  transport.stderr.on("data", (chunk) => { logged += chunk; });
  const client = await connected(t, sdk, transport);
  return { client, pid: transport.pid, logged: () => logged };
}

/** Calls a tool and gives its text; one that failed is an error of the test unless it is expected. */
export async function call(client, name, args = {}, { fails = false } = {}) {
  const { content, isError = false } = await client.callTool({ name, arguments: args });
  assert.equal(isError, fails, JSON.stringify(content));
  return content.map(({ text }) => text).join("\n");
}

export const names = async (client) => (await client.listTools()).tools.map(({ name }) => name).sort();

export { assert };
