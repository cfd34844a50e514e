// Each method with its least request, each optional field, everything, and nulls; made from the table of methods.
import { METHODS, OPEN } from "../methods.mjs";
import { row, unchecked } from "./row.mjs";

const single = (object) => Object.entries(object).map(([name, value]) => ({ [name]: value }));
const label = (object) => Object.entries(object).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ");

function bodies(method, { required, optional, ids, deduped }) {
  const one = (name, fields, more) => {
    const request = { ...required, ...fields };
    const rules = deduped && request.idempotency_key === undefined ? ["idempotency-key"] : [];
    return row(`${method}, ${name}`, method, { args: [...ids, request], rules, ...more });
  };
  return [
    one("least", {}),
    ...single(optional).map((field) => one(`with ${label(field)}`, field)),
    one("with everything", optional),
    one("with everything, asynchronous", optional, { async: true }),
    ...(method.startsWith("forget") ? refusedUnknown(method, { ...required, ...optional }) : [one("with fields that nobody knows", { ...optional, ...UNKNOWN })]),
  ];
}

const UNKNOWN = { later: { a: [1, { b: null }] }, "ключ 😀": "" };

/** A deletion takes no field that this client does not know: it may be a limit, misspelt. */
function refusedUnknown(method, request) {
  const refused = row(`${method}, with fields that nobody knows`, method, {
    args: [{ ...request, ...UNKNOWN }],
    rules: ["requests-checked"],
    paths: Object.keys(UNKNOWN),
  });
  return [refused, { ...unchecked(refused), rules: [] }];
}

/** Python sends a null; this client refuses it where the API knows none. */
function nulls(method, { required, optional, ids, deduped, nullable }) {
  return Object.keys(optional).flatMap((field) => {
    const rules = deduped && field !== "idempotency_key" ? ["idempotency-key"] : [];
    const args = [...ids, { ...required, [field]: null }];
    if (nullable.includes(field)) return [row(`${method}, ${field} null`, method, { args, rules })];
    const refused = row(`${method}, ${field} null`, method, { args, rules: ["requests-checked"], paths: [field] });
    return [refused, { ...unchecked(refused), rules }];
  });
}

function queries(method, { ids, needed = {}, page, choice }) {
  const one = (name, kwargs = {}, more = {}) => row(`${method}, ${name}`, method, { args: ids, kwargs: { ...needed, ...kwargs }, ...more });
  return [
    one("least"),
    one("least, asynchronous", {}, { async: true }),
    ...(page ? [...single(page).map((field) => one(`with ${label(field)}`, field)), one("with everything", page)] : []),
    ...(choice ?? []).map((value) => one(value, {}, { args: [value] })),
  ];
}

export const requests = (version) =>
  Object.entries(METHODS[version]).flatMap(([method, one]) => {
    const rows = one.required ? bodies(method, one) : queries(method, one);
    if (one.required && !OPEN[version].includes(method)) rows.push(...nulls(method, one));
    return rows.map((made) => ({ ...made, wire: one.wire }));
  }).map(({ wire, ...made }) => (made.rules.includes("requests-checked") ? made : { ...made, wire }));
