// An agent that looks things up in memory and stores them there by itself.  npm start --prefix examples/ai-node
// Without CLAIV_API_KEY it uses an emulator in this process, which forgets when the process ends.
import { createInterface } from "node:readline";
import { ToolLoopAgent } from "ai";
import { ClaivClient } from "claiv-memory";
import { claivTools } from "claiv-memory/ai";
import { ClaivEmulator } from "claiv-memory/emulator";
import { model } from "./model.mjs";

const claiv = process.env.CLAIV_API_KEY
  ? ClaivClient.fromEnv()
  : new ClaivClient({ apiKey: "any", fetch: new ClaivEmulator().fetch });

// The user comes from your program, never from the model. A model may delete only where "forget" is allowed.
const tools = claivTools({ client: claiv, user_id: process.env.CHAT_USER ?? "me", conversation_id: `chat-${Date.now()}`, allow: ["recall", "remember"] });
// With a real model: new ToolLoopAgent({ model: openai("gpt-5"), … }), of @ai-sdk/openai.
const agent = new ToolLoopAgent({ model, instructions: "Look things up before you answer, and remember what matters.", tools });

const input = createInterface({ input: process.stdin, output: process.stdout, prompt: "you> " });
console.log("Tell me something, then ask me about it. An empty line ends the chat.");
input.prompt();
for await (const line of input) {
  if (line.trim() === "") break;
  const { text, steps } = await agent.generate({ prompt: line.trim() });
  const used = steps.flatMap(({ toolCalls }) => toolCalls.map(({ toolName }) => toolName)).join(", ");
  console.log(`bot> [${used}] ${text}\n`);
  input.prompt();
}
input.close();
