// Good and bad values of each field, by what docs/api-contract.md says that it may hold.
import { CONTRACT, valueOf, wordsOf } from "./contract.mjs";

/** What is no string. */
export const NO_STRINGS = [null, 0, 5, true, false, {}, [], ["x"], Symbol("s"), 5n, () => "x", new String("x"), Object.create(null)];

const text = { good: ["x", " ", "\0", "ключ", "😀", "\ud83d", "x".repeat(100_000)], bad: ["", ...NO_STRINGS] };
const oneOf = (...names) => ({
  good: names,
  bad: ["", names[0].toUpperCase(), `${names[0]} `, "other", "constructor", "__proto__", ...NO_STRINGS],
});
const time = {
  good: [
    "2026-01-31", "2026-01-31T12:00Z", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00+05:30",
    "2026-01-31 12:00:00-0800", "2024-02-29", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+00:00", "2016-12-31T23:59:60Z",
    new Date(0).toISOString(),
  ],
  bad: [
    "", "yesterday", "2026", "2026-02-30", "2025-02-29", "2026-13-01", "31.01.2026", "2026-01-31T25:00:00Z", "2026-01-31T12:00:00 Z",
    " 2026-01-31", "1769860800", "2026-01-31T12:00:00Z\n", "２０２６-01-31", "2".repeat(1_000_000), new Date(0), 1769860800000,
    ...NO_STRINGS,
  ],
};
const budget = {
  good: [200, 201, 2000, 7999, 8000, 2e3],
  bad: [199, 8001, 199.999, 2000.5, 0, -200, NaN, Infinity, -Infinity, "2000", null, true, {}, [2000], 2000n, new Number(2000), Symbol("n"), 1e300],
};
const number = { good: [0, 1, -1, 0.5, 1e300, -0], bad: [NaN, Infinity, -Infinity, "0.5", "", null, true, {}, [0.5], 1n, new Number(1), Symbol("n")] };
const record = { good: [{}, { a: null }, Object.create(null), { a: { b: [1] } }], bad: [null, 5, "x", "", true, [], [{}], Symbol("r"), 5n, () => ({})] };
const texts = {
  good: [[], ["a"], ["a", "b"], Object.freeze(["ключ"])],
  bad: [null, "a", 5, true, {}, { length: 1, 0: "a" }, new Set(["a"]), Symbol("t"), () => ["a"]],
};

const flag = { good: [true, false], bad: ["", "true", 0, 1, null, {}, [], 5n, Symbol("f"), () => true, new Boolean(true)] };
const whole = (least, most) => ({
  good: [least, least + 1, most],
  bad: [least - 1, most + 1, least + 0.5, NaN, Infinity, "5", "", null, true, {}, [], 5n, Symbol("n")],
});
const count = { good: [0, 1, 100, Number.MAX_SAFE_INTEGER], bad: whole(0, 2 ** 53).bad };
const nullable = ({ good, bad }) => ({ good: [...good, null], bad: bad.filter((value) => value !== null) });
const epoch = {
  good: [...time.good, 0, -1, 1769860800, 1769860800.123, 1769860800000],
  bad: time.bad.filter((value) => typeof value !== "number").concat(NaN, Infinity),
};

/** The later end of a span, beside requests whose earlier end is in January 2026. */
const end = { good: ["2026-02-01", "9999-12-31"], bad: time.bad };

/** By the words of the page; the unit of a value stands in brackets behind them. */
const KINDS = {
  "text, not empty": text,
  "text or a source of text, not empty, at most 5 MB": text,
  "time: ISO 8601": time,
  "time: ISO 8601, or a Unix timestamp in seconds": epoch,
  "time: ISO 8601, not before `from_time`": end,
  object: record,
  "list of texts": texts,
  number,
  "integer, 200 to 8000": budget,
  "integer, 1 or more": { ...count, good: count.good.slice(1) },
  "integer, 0 or more": count,
  "integer, 1 to 5": whole(1, 5),
  "true or false": flag,
};

function kindOf(value) {
  const words = wordsOf(value);
  if (words.length > 0) return oneOf(...words);
  if (value.startsWith("object with ")) return record;
  const kind = KINDS[value.replace(/ \(.*\)$/, "")];
  if (!kind) throw new Error(`tests/support/values.mjs has no values for: ${value}`);
  return kind;
}

/** `{ good, bad }` of each field of a method. */
export function valuesOf(method) {
  const { required, optional, nullable: nulls } = CONTRACT[method];
  const fieldValues = (field) => (nulls.includes(field) ? nullable : (kind) => kind)(kindOf(valueOf(method, field)));
  return Object.fromEntries([...required, ...optional].map((field) => [field, fieldValues(field)]));
}

/** `{ good, bad }` of each field of an object within a request. */
export function groupOf(method, field) {
  const [, names, items] = /^object with (.+): (?:(integers)|true or false)/.exec(valueOf(method, field));
  return Object.fromEntries([...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, items ? count : flag]));
}
