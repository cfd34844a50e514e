// What the recall lab asks, in the shape of each version, and the JavaScript that asks the same.
export const VERSIONS = ["v1", "v2", "v3", "v6"];
export const NAMES = { v1: "V1", v2: "V2", v3: "V3", v6: "V6" };
export const MODES = ["state", "delta", "tasks", "audit", "compose", "conversation"];
export const BUDGET = { min: 200, max: 8000, step: 50 };

const METHODS = { v1: "recall", v2: "recallV2", v3: "recallV3", v6: "recallV6" };

export function request(version, user, { task, budget, thread, project, mode }) {
  if (version === "v6") return { user_id: user, query: task, conversation_id: thread || "inspector", ...(project && { project_id: project }) };
  return { user_id: user, task, token_budget: budget, ...(thread && { thread_id: thread }), ...(version === "v2" && mode !== "state" && { mode }) };
}

/** The text that goes into the system prompt. */
export const textOf = (version, pack) => (version === "v6" ? pack.llm_context.text : pack.system_context);

/** About one token for every four bytes of UTF-8, as the emulator counts them. */
export const tokensOf = (text) => Math.ceil(new TextEncoder().encode(text).length / 4);

export function code(version, user, ask) {
  const text = version === "v6" ? "pack.llm_context.text" : "pack.system_context";
  const fields = JSON.stringify(request(version, user, ask), null, 2).replace(/^( +)"(\w+)":/gm, "$1$2:");
  return `const pack = await claiv.${METHODS[version]}(${fields});\nconst system = ${text};`;
}
