// An instance for the service, as its readme makes one. By default it has no timeout, which spares it what the others pay for one.
import { createFetch, ofetch } from "ofetch";

export function make({ url, key, fetch }) {
  const defaults = { baseURL: url, headers: { authorization: `Bearer ${key}` }, method: "POST" };
  const api = fetch ? createFetch({ fetch, defaults }) : ofetch.create(defaults);
  return { ingest: (body) => api("/v1/ingest", { body }), recall: (body) => api("/v1/recall", { body }) };
}
