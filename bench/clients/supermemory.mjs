// The request that its methods are made of, with its defaults; so the body is the same as everybody's.
import Supermemory from "supermemory";

export function make({ url, key, fetch }) {
  const client = new Supermemory({ apiKey: key, baseURL: url, fetch });
  return { ingest: (body) => client.post("/v1/ingest", { body }), recall: (body) => client.post("/v1/recall", { body }) };
}
