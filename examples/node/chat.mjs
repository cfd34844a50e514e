// A chat that remembers: recalls before it answers, ingests after.  npm start --prefix examples/node
// Without CLAIV_API_KEY it talks to an emulator in this process, which forgets when the process ends.
import { createInterface } from "node:readline";
import { ClaivClient, ClaivError } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";

const claiv = process.env.CLAIV_API_KEY
  ? ClaivClient.fromEnv()
  : new ClaivClient({ apiKey: "any", fetch: new ClaivEmulator().fetch });
const user_id = process.env.CHAT_USER ?? "me";
const thread_id = `chat-${Date.now()}`;

/** Stands for a language model: it gets what is remembered and a message, and answers. This one only says what it was given. */
async function model(memory, message) {
  const known = memory.map((text) => `\n  - ${text}`).join("");
  return `You said "${message}". ${known ? `What I remember that bears on it:${known}` : "I remember nothing that bears on it."}`;
}

async function answer(message) {
  const pack = await claiv.recall({ user_id, task: message, token_budget: 500 });
  const reply = await model(pack.memory_blocks.map(({ content }) => content), message);
  await claiv.ingest({ user_id, thread_id, type: "message", role: "user", content: message });
  return reply;
}

const input = createInterface({ input: process.stdin, output: process.stdout, prompt: "you> " });
console.log("Tell me something, then ask me about it. An empty line ends the chat.");
input.prompt();
for await (const line of input) {
  if (line.trim() === "") break;
  try {
    console.log(`bot> ${await answer(line.trim())}\n`);
  } catch (error) {
    if (!(error instanceof ClaivError)) throw error;
    console.log(`bot> My memory fails me: ${error.message}\n`);
  }
  input.prompt();
}
input.close();
