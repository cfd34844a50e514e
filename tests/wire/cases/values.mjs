// Text and numbers of all kinds, in bodies, queries and paths.
import { ANSWER, EVENT, KEY, RECALL, ingest, recall, row } from "./row.mjs";

const TEXTS = {
  "accents": "é e\u0301 ß İ",
  "many scripts": "日本語 한국어 עברית العربية हिन्दी",
  "emoji": "😀 👩‍👩‍👧‍👦 🇵🇹",
  "control characters": "\u0000 \u0001 \t \r\n \u007f",
  "line separators": "a\u2028b\u2029c",
  "JSON's own signs": "\"quoted\" \\ / </script>",
  "a byte order mark": "\ufeffa",
  "what is no character": "\uffff \u{10ffff}",
  "100,000 characters": "aä😀 ".repeat(20_000),
};
const NUMBERS = [0, 1, -1, 0.1, 0.30000000000000004, 1e-7, 1e21, -1.5e300, 5e-324, 9007199254740991];

const METADATA = {
  "nested deep": { a: { b: { c: [[[{ d: null }]]] } } },
  "odd names": { "": 1, "__proto__ ": 2, constructor: 3, "a.b": 4, "ä 😀": 5 },
  "numbers": { list: NUMBERS },
  "empty": {},
  "texts": { list: Object.values(TEXTS).slice(0, 8) },
};

/** As Python writes them, so does this client. */
const SAME_IN_A_QUERY = ["plain-1_2.3", "ä", "日本", "😀", "a&b=c", "a/b?c#d", "100%", "a%20b", "a+b", "a:b@c,d;e", "[x]", "\"<>\\^`{|}"];
const OTHER_IN_A_QUERY = ["a b", "!'()*", " "];

const SAME_IN_A_PATH = ["plain-1_2.3~", "ä", "日本", "😀", "a b", "\"<>", "!'()*"];
const OTHER_IN_A_PATH = ["a/b", "a?b", "a#b", "a%2Fb", "100%", "a+b", "a:b@c", "a;b=c,d", "../usage/limits", "$&", "[x]"];

const receipts = (user_id, rules = []) =>
  row(`list_deletion_receipts, user ${JSON.stringify(user_id)}`, "list_deletion_receipts", { kwargs: { user_id }, rules });
const receipt = (id, rules = []) => row(`get_deletion_receipt ${JSON.stringify(id)}`, "get_deletion_receipt", { args: [id], rules });

export const values = [
  ...Object.entries(TEXTS).flatMap(([name, text]) => [
    recall(`a task of ${name}`, { args: [{ ...RECALL, task: text }] }),
    ingest(`content of ${name}`, { args: [{ ...EVENT, content: text }] }),
  ]),
  ...NUMBERS.map((number) => recall(`min_confidence ${number}`, { args: [{ ...RECALL, min_confidence: number }] })),
  ...Object.entries(METADATA).map(([name, metadata]) => ingest(`metadata, ${name}`, { args: [{ ...EVENT, metadata }] })),
  ...SAME_IN_A_QUERY.map((text) => receipts(text)),
  ...OTHER_IN_A_QUERY.map((text) => receipts(text, ["query-encoding"])),
  ...SAME_IN_A_PATH.map((text) => receipt(text)),
  ...OTHER_IN_A_PATH.map((text) => receipt(text, ["ids-encoded"])),
];

const HALF = { ...RECALL, task: "half of 😀: \ud83d" };
values.push(
  recall("a task with half a character", {
    args: [HALF],
    rules: ["lone-surrogates"],
    pythonOutcome: { error: { kind: "leak", type: "UnicodeEncodeError" } },
    ours: {
      sent: [{
        method: "POST", url: "/v2/recall", body: HALF,
        headers: { accept: "application/json", authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      }],
      outcome: { result: ANSWER },
    },
  }),
);
