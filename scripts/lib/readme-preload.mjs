// Loaded before a README block: what it would send to the service goes to the emulator, and nothing leaves this machine.
const emulator = process.env.CLAIV_BASE_URL;
const real = globalThis.fetch;

/** Stands in for a model: it answers with what its system prompt says. */
function complete({ messages: [system, question] }) {
  if (system.role !== "system" || question.role !== "user") throw new Error("a model was asked without a system prompt");
  return Response.json({ choices: [{ message: { role: "assistant", content: `You said "${question.content}". ${system.content}` } }] });
}

globalThis.fetch = async function fetch(input, init) {
  const asked = new URL(input instanceof Request ? input.url : input);
  if (asked.origin === "https://api.openai.com") return complete(JSON.parse(init.body));
  const url = asked.origin === "https://api.claiv.io" ? new URL(asked.pathname + asked.search, emulator) : asked;
  if (!["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) {
    throw new Error(`a README block asked for ${asked.href}, which is neither the service nor this machine`);
  }
  return real(input instanceof Request ? new Request(url, input) : url, init);
};
