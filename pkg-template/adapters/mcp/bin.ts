/// <reference types="node" />
// The command: an MCP server over stdio. Standard output belongs to the protocol; everything else is told on standard error.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { type CallOptions, ClaivClient, type ClaivFetch, type V6IngestRequest, type V6IngestResponse } from "claiv-memory";
import { createClaivMcpServer } from "./index.js";

const HELP = `An MCP server of one user's Claiv memory, over stdio.

Usage: claiv-mcp --user-id <id> [options]

  --user-id <id>          whose memory it is (default: CLAIV_USER_ID)
  --conversation-id <id>  the conversation that is recalled for and stored to (default: CLAIV_CONVERSATION_ID, else "mcp")
  --project-id <id>       the project under which facts are recalled and kept (default: CLAIV_PROJECT_ID, else none)
  --base-url <url>        where the service is (default: CLAIV_BASE_URL, else https://api.claiv.io)
  --allow-forget          offer the tool forget_memory, which deletes
  --emulator              use an emulator in this process instead of the service; no key is needed
  --data <file>           keep the emulator's state in this file
  --version               print the version
  --help                  print this text

The API key is read from CLAIV_API_KEY: an argument could be seen by others on the machine.
`;

/** The most that a call may take with all its attempts, in milliseconds: clients of both SDKs give up after 60 s, and would not see the tool's error. */
const TOTAL_TIMEOUT = 30_000;

/** How long an event on its way is waited for when the client has gone, in milliseconds: clients of both SDKs end the process after 2 s. */
const GRACE = 1500;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

const say = (message: string): void => void process.stderr.write(`claiv-mcp: ${message}\n`);

function fail(message: string): never {
  say(message);
  process.exit(1);
}

function readArguments() {
  try {
    return parseArgs({
      options: { "user-id": text, "conversation-id": text, "project-id": text, "base-url": text, "allow-forget": flag, emulator: flag, data: text, version: flag, help: { ...flag, short: "h" } },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message.split("\n")[0]} See --help.`);
  }
}

/** A client that knows which events are on their way. */
class Client extends ClaivClient {
  readonly storing = new Set<Promise<unknown>>();

  override ingestV6(request: V6IngestRequest, options?: CallOptions): Promise<V6IngestResponse> {
    const event = super.ingestV6(request, options);
    const done = (): void => void this.storing.delete(event);
    this.storing.add(event);
    event.then(done, done);
    return event;
  }
}

const values = readArguments();
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
if (values.help || values.version) {
  process.stdout.write(values.help ? HELP : `${version}\n`);
} else {
  await serve();
}

/** A flag, else the variable of the environment; one that is blank is none. */
function setting(name: "user-id" | "conversation-id" | "project-id" | "base-url"): string | undefined {
  const given = values[name];
  if (given !== undefined && given.trim() === "") fail(`--${name} must not be empty.`);
  const variable = process.env[`CLAIV_${name.toUpperCase().replace("-", "_")}`];
  return given ?? (variable?.trim() ? variable : undefined);
}

async function serve(): Promise<void> {
  const user_id = setting("user-id") ?? fail("whose memory is it? Give --user-id or CLAIV_USER_ID.");
  const conversation_id = setting("conversation-id") ?? "mcp";
  const project_id = setting("project-id");
  if (values.data !== undefined && !values.emulator) fail("--data is the emulator's; give --emulator as well.");
  if (values.data?.trim() === "") fail("--data must name a file.");
  const { client, close } = values.emulator ? await emulated() : { client: connected(), close: async () => {} };
  const server = serveStdio(() => createClaivMcpServer({ client, user_id, conversation_id, project_id, allowForget: values["allow-forget"], version }), {
    onerror: (error) => say(error.message),
  });
  say(`serves the memory of ${user_id}${values.emulator ? ", by an emulator" : ""}`);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await server.close().catch((error: Error) => say(error.message));
    await Promise.race([Promise.allSettled(client.storing), sleep(GRACE)]);
    if (client.storing.size > 0) say("the client has gone; what it wanted to be remembered last may not be stored");
    await close();
    process.exit(0);
  };
  process.stdin.once("end", stop).once("close", stop);
  process.once("SIGINT", stop).once("SIGTERM", stop);
}

function connected(): Client {
  const apiKey = process.env.CLAIV_API_KEY;
  if (!apiKey) return fail("CLAIV_API_KEY is not set. With --emulator no key is needed.");
  const baseUrl = setting("base-url");
  try {
    return new Client({ apiKey, totalTimeout: TOTAL_TIMEOUT, ...(baseUrl !== undefined && { baseUrl }) });
  } catch (error) {
    return fail((error as Error).message);
  }
}

interface EmulatorJournal {
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A client of an emulator in this process. What it acknowledges is in the file before. */
async function emulated(): Promise<{ client: Client; close(): Promise<void> }> {
  const { ClaivEmulator } = await import("claiv-memory/emulator" as string);
  const { data } = values;
  const emulator = new ClaivEmulator({ journal: data !== undefined, logLimit: 0 });
  const lost = (error: Error): never => fail(`cannot write the data file ${data}: ${error.message}`);
  const journal = data === undefined ? undefined : await opened(emulator, data, lost).catch((error: Error) => fail(`cannot use the data file ${data}: ${error.message}`));
  const fetch: ClaivFetch = async (url, init) => {
    try {
      return await emulator.fetch(url, init);
    } finally {
      await journal?.flush().catch(lost);
    }
  };
  return { client: new Client({ apiKey: "emulator", totalTimeout: TOTAL_TIMEOUT, fetch }), close: async () => void (await journal?.close().catch(lost)) };
}

async function opened(emulator: unknown, data: string, onLost: (error: Error) => never): Promise<EmulatorJournal> {
  // @ts-expect-error -- JavaScript of the emulator's command, without declarations
  const { Journal } = await import("../../bin/journal.js");
  const onWait = (): void => say(`${data} has a lock whose owner cannot be seen; waiting whether it is still in use.`);
  return Journal.open(emulator, data, { onWait, onLost });
}
