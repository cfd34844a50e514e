// The methods of the Python clients, made from the table of methods: what each is called there, and how its arguments come here.
import { valueOf, wordsOf } from "../support/contract.mjs";
import { ROWS } from "../support/methods.mjs";

/** What 0.6.4 calls by its bare name, and this client by a name with a suffix. */
const MOVED = ["ingest", "recall", "forget"];

const python = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A method as its cases are made: `required` and `optional` fields of a body, or `needed` and `page` keywords of a query, or the words of a
 * `choice`; `nullable` marks fields, `deduped` what takes an idempotency key.
 */
function methodOf({ name, method, path, ids, idNames, required, optional, nullable, hasBody, positional, once }) {
  const common = { wire: `${method} ${path}`, ids, idNames, nullable, positional, once, deduped: "idempotency_key" in optional };
  if (hasBody) return { ...common, required, optional };
  if ("range" in optional) return { ...common, choice: wordsOf(valueOf(name, "range")) };
  return { ...common, needed: required, ...(Object.keys(optional).length > 0 && { page: optional }) };
}

/** Python documents V6's deletion as one of a conversation. */
function ofConversation(forget) {
  const { conversation_id, ...optional } = forget.optional;
  return { ...forget, required: { ...forget.required, conversation_id }, optional };
}

function methodsOf(version) {
  const latest = version !== "0.2.1";
  const rows = Object.values(ROWS).filter(({ name, since }) => since <= version && !(latest && MOVED.includes(name)));
  const methods = Object.fromEntries(rows.map((row) => [python(row.name), methodOf(row)]));
  if (!latest) return methods;
  // The only one without a suffixed name of its own there.
  const { forget_v6, ...others } = methods;
  return { ingest: methods.ingest_v6, recall: methods.recall_v6, forget: ofConversation(forget_v6), ...others };
}

/** By version of the Python client. */
export const METHODS = { "0.2.1": methodsOf("0.2.1"), "0.6.4": methodsOf("0.6.4") };

/** The naming rule: camelCase; what moved from V1 to V6 under its old name carries a suffix here. */
export function nameHere(method, version) {
  const suffixed = version !== "0.2.1" && MOVED.includes(method) ? `${method}_v6` : method;
  return suffixed.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/** The arguments here for those of a Python call. */
export function argumentsHere(method, version, { args, kwargs }) {
  const { positional } = METHODS[version][method] ?? {};
  const keywords = Object.keys(kwargs).length === 0 ? [] : positional ? Object.values(kwargs) : [kwargs];
  return [...args, ...keywords];
}

/**
 * Python methods whose counterpart this client does not have yet. Their cases run on the Python side only. Take a name away
 * when the method comes: a test fails as long as a method stands here that exists.
 */
export const OPEN = {
  "0.2.1": [],
  "0.6.4": [],
};
