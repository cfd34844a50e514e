// Text and numbers of all kinds, in bodies.
import { ANSWER, EVENT, KEY, RECALL, ingest, recall } from "./row.mjs";

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

export const values = [
  ...Object.entries(TEXTS).flatMap(([name, text]) => [
    recall(`a task of ${name}`, { args: [{ ...RECALL, task: text }] }),
    ingest(`content of ${name}`, { args: [{ ...EVENT, content: text }] }),
  ]),
  ...NUMBERS.map((number) => recall(`min_confidence ${number}`, { args: [{ ...RECALL, min_confidence: number }] })),
  ...Object.entries(METADATA).map(([name, metadata]) => ingest(`metadata, ${name}`, { args: [{ ...EVENT, metadata }] })),
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
