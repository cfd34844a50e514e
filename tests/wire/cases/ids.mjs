// Ids in paths, and the values that go into queries, of every method that has any; made from the table of methods.
import { METHODS, OPEN } from "../methods.mjs";
import { row, unchecked } from "./row.mjs";

/** As Python writes them, so does this client. */
const SAME_IN_A_PATH = ["plain-1_2.3~", "ä", "日本", "😀", "a b", "\"<>", "!'()*", "...", ".a"];
/** What leads elsewhere, or means something else, unless it is encoded. */
const OTHER_IN_A_PATH = ["a/b", "/", "a?b", "?user_id=x", "a#b", "a%2Fb", "%2e%2e", "100%", "a+b", "a:b@c", "a;b=c,d", "../usage/limits", "a/../b", "../..", "$&", "[x]", "a\\b"];
/** What no encoding keeps from leading elsewhere. */
const NOWHERE = ["", ".", ".."];
const HALF = "a\ud800";

const SAME_IN_A_QUERY = ["plain-1_2.3", "ä", "日本", "😀", "a&b=c", "a?b#c", "100%", "a%20b", "a+b", "a:b@c,d;e", "[x]", "\"<>\\^`{|}"];
const OTHER_IN_A_QUERY = ["!'()*"];
/** Of one method Python writes the query itself. */
const BY_METHOD = { delete_collection: { same: ["a b", " "], other: ["a/b"] } };
const OTHERWISE = { same: ["a/b"], other: ["a b", " "] };

function inPaths(method, { ids, idNames, required, needed = {} }) {
  const one = (at, id, more) => {
    const args = [...ids.with(at, id), ...(required ? [required] : [])];
    return row(`${method}, ${idNames[at]} ${JSON.stringify(id)}`, method, { args, kwargs: needed, ...more });
  };
  return ids.flatMap((_, at) => [
    ...SAME_IN_A_PATH.map((id) => one(at, id)),
    ...OTHER_IN_A_PATH.map((id) => one(at, id, { rules: ["ids-encoded"] })),
    ...NOWHERE.flatMap((id) => {
      const refused = one(at, id, { rules: ["requests-checked"], paths: [idNames[at]] });
      return [refused, { ...unchecked(refused), rules: refused.rules, paths: refused.paths }];
    }),
    one(at, HALF, { rules: ["requests-checked"], paths: [idNames[at]], pythonOutcome: { error: { kind: "leak", type: "UnicodeEncodeError" } } }),
  ]);
}

function inQueries(method, { ids, needed = {}, page = {} }) {
  const texts = Object.entries({ ...needed, ...page }).filter(([, value]) => typeof value === "string");
  const { same, other } = BY_METHOD[method] ?? OTHERWISE;
  return texts.flatMap(([name]) => {
    const one = (text, rules) => row(`${method}, ${name} ${JSON.stringify(text)}`, method, { args: ids, kwargs: { ...needed, [name]: text }, rules });
    return [
      ...[...SAME_IN_A_QUERY, ...same].map((text) => one(text, [])),
      ...[...OTHER_IN_A_QUERY, ...other].map((text) => one(text, ["query-encoding"])),
    ];
  });
}

export const ids = (version) =>
  Object.entries(METHODS[version])
    .filter(([method]) => !OPEN[version].includes(method))
    .flatMap(([method, one]) => [...inPaths(method, one), ...inQueries(method, one)]);
