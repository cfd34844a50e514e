// Each method when the service refuses it, is down for a moment, or is lost from sight; made from the table of methods.
import { METHODS } from "../methods.mjs";
import { ANSWER, failure, row } from "./row.mjs";

const fine = { body: ANSWER };

/** What may be sent again, although nobody knows whether it arrived, where the caller gave this id. */
const BY_ID = { upload_document: "document_id", create_collection: "collection_id" };

function failing(method, { required, optional = {}, ids, needed = {}, deduped, once }) {
  const id = BY_ID[method];
  const keyed = deduped ? ["idempotency-key"] : [];
  const one = (name, script, fields = {}, more = {}) =>
    row(`${method}, ${name}`, method, { args: [...ids, ...(required ? [{ ...required, ...fields }] : [])], kwargs: needed, script, rules: keyed, ...more });
  const lost = (name, fields, again) =>
    one(name, [{ drop: true }, fine], fields, {
      pythonOutcome: { error: { kind: "network" } }, here: { maxRetryDelay: 20 },
      ...(again && { rules: ["transport-retried", ...keyed], ours: { attempts: 2, waits: [20], outcome: { result: ANSWER } } }),
    });
  return [
    one("refused", [failure(409, { why: ["so", null] })]),
    one("down for a moment", [failure(503, { retry_after: 0.05 }), fine]),
    one("down for a moment, asynchronous", [failure(429, { retry_after: 0.05 }), fine], {}, { async: true }),
    lost("with a connection that is cut", {}, !once && !id),
    ...(id ? [lost(`with ${id} and a connection that is cut`, { [id]: optional[id] }, true)] : []),
  ];
}

export const failures = (version) => Object.entries(METHODS[version]).flatMap(([method, one]) => failing(method, one));
