// No key here: the server that gave out this page has it, and says whose memory it is.
import { ClaivClient, ClaivError } from "./vendor/claiv-memory/index.js";

const claiv = new ClaivClient({ baseUrl: `${location.origin}/api/claiv`, apiKey: "session" });
const user_id = "me";

const find = (id) => document.getElementById(id);
const say = (text) => { find("status").textContent = text; };

/** A form that does `work` with what its input holds, and shows what went wrong. */
function onSubmit(form, input, work) {
  find(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    say("…");
    try {
      await work(find(input).value);
      find(input).value = "";
    } catch (error) {
      if (!(error instanceof ClaivError)) throw error;
      say(error.message);
    }
  });
}

onSubmit("remember", "fact", async (content) => {
  await claiv.ingest({ user_id, type: "message", role: "user", content });
  say("I will remember that.");
});

onSubmit("ask", "question", async (task) => {
  const { memory_blocks } = await claiv.recall({ user_id, task, token_budget: 500 });
  find("memory").replaceChildren(...memory_blocks.map(({ content }) => Object.assign(document.createElement("li"), { textContent: content })));
  say(memory_blocks.length > 0 ? "This is what I remember:" : "I remember nothing.");
});
