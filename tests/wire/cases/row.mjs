// What the cases are made with.

/** A key that is easily found wherever it does not belong. */
export const KEY = "sk-test-4f9d2c7e81b05a36";

/** An answer with a bit of everything that JSON has. */
export const ANSWER = { text: "ä \u2028 😀", list: [1, -2.5, 1e21, null, true], nested: { empty: {}, none: [] } };

/** An error as the API words it. */
export const failure = (status, details, more = {}) => ({
  status,
  body: { error: { code: `code_${status}`, message: `Message of ${status}`, request_id: "req-1", ...(details !== undefined && { details }) } },
  ...more,
});

export const row = (name, method, more = {}) => ({
  name, method, args: [], kwargs: {}, script: [{ body: ANSWER }], client: {}, rules: [], ...more,
});

export const RECALL = { user_id: "u", task: "t", token_budget: 200 };
export const FORGET = { user_id: "u" };
export const EVENT = { user_id: "u", type: "message", content: "c" };

export const recall = (name, more) => row(name, "recall_v2", { args: [RECALL], ...more });
export const forget = (name, more) => row(name, "forget_v2", { args: [FORGET], ...more });
/** V1's: in the version 0.2.1 only. */
export const ingest = (name, more) => row(name, "ingest", { args: [EVENT], rules: ["idempotency-key"], versions: ["0.2.1"], ...more });

/** The same case with our checks switched off: then it must be sent as Python sends it. */
export const unchecked = ({ paths: _, ...one }) => ({
  ...one, name: `${one.name}, with validate: false`, rules: one.rules.filter((rule) => rule !== "requests-checked"), here: { ...one.here, validate: false },
});
