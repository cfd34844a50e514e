// The request that its methods are made of, with its defaults; so the body is the same as everybody's.
import OpenAI from "openai";

export function make({ url, key, fetch }) {
  const client = new OpenAI({ apiKey: key, baseURL: url, fetch, dangerouslyAllowBrowser: true });
  return { ingest: (body) => client.post("/v1/ingest", { body }), recall: (body) => client.post("/v1/recall", { body }) };
}
