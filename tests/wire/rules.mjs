// Where this client differs from the Python client on purpose. docs/differences-from-python.md says why, under the same names.
import assert from "node:assert/strict";
import { METHODS } from "./methods.mjs";

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every attempt with something changed. */
const each = (seen, change) => ({ ...seen, attempts: seen.attempts.map((attempt) => ({ ...attempt, ...change(attempt) })) });

/**
 * A rule under which the case itself lists, in `ours`, what this client does instead; only the facets named may be listed. `attempts` is how often
 * this client sends Python's first request, `sent` what it sends where Python sends nothing.
 */
const givenByCase = (...facets) => ({
  facets,
  apply(seen, _, { ours }) {
    const changed = { ...seen };
    for (const facet of facets) {
      if (ours[facet] === undefined) continue;
      if (facet === "attempts") changed.attempts = Array(ours.attempts).fill(seen.attempts[0]);
      else changed[facet === "sent" ? "attempts" : facet] = ours[facet];
    }
    return changed;
  },
});

/** A method's URL with each id in its place, encoded, and the query of its keywords. */
function urlOf(method, args, kwargs) {
  const { wire, ids } = METHODS["0.6.4"][method];
  const parts = wire.split(" ")[1].split("/").map((part) => (ids.includes(part) ? encodeURIComponent(args[ids.indexOf(part)]) : part));
  const pairs = Object.entries(kwargs).map((pair) => pair.map(encodeURIComponent).join("="));
  return [parts.join("/"), ...pairs].join("?");
}

/** Nothing is sent, and the error names these paths. */
const refused = {
  facets: [],
  apply: (_, __, { paths }) => ({ attempts: [], waits: [], outcome: { error: { kind: "validation", paths } } }),
};

/** Makes what must be seen here of what was seen in Python. */
export const RULES = {
  "idempotency-key": {
    facets: [],
    apply(seen, ours) {
      const key = ours.attempts[0]?.body.idempotency_key;
      assert.match(String(key), UUID_V4);
      return each(seen, ({ body }) => ({ body: { ...body, idempotency_key: key } }));
    },
  },
  "ids-encoded": {
    facets: [],
    apply: (seen, _, { method, args, kwargs }) => each(seen, () => ({ url: urlOf(method, args, kwargs) })),
  },
  "query-encoding": {
    facets: [],
    apply: (seen) =>
      each(seen, ({ url }) => {
        const { origin, pathname, searchParams } = new URL(url, "http://any");
        const pairs = [...searchParams].map((pair) => pair.map(encodeURIComponent).join("="));
        // What fetch makes of a URL: it encodes the apostrophe, too.
        return { url: new URL(`${origin}${pathname}?${pairs.join("&")}`).href.slice(origin.length) };
      }),
  },
  "no-store": {
    facets: [],
    apply: (seen) => each(seen, ({ headers }) => ({ headers: { ...headers, "cache-control": "no-cache", pragma: "no-cache" } })),
  },
  "requests-checked": refused,
  "options-checked": refused,
  "lone-surrogates": givenByCase("sent", "outcome"),
  "waits-in-full": givenByCase("attempts", "waits", "outcome"),
  "retry-headers": givenByCase("attempts", "waits", "outcome"),
  "retry-after-forms": givenByCase("waits"),
  "transport-retried": givenByCase("attempts", "waits", "outcome"),
  "attempt-timeout": givenByCase("outcome"),
  "fetch-statuses": givenByCase("attempts", "waits", "outcome"),
  "redirects": givenByCase("outcome"),
  "answers-checked": givenByCase("outcome"),
  "answers-utf8": givenByCase("outcome"),
  "error-bodies": givenByCase("outcome"),
  "request-id": givenByCase("outcome"),
  "key-redacted": givenByCase("outcome"),
};
