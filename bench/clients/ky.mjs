// An instance for the service, as its readme makes one. Its timeout of ten seconds is a default.
import ky from "ky";

export function make({ url, key, fetch }) {
  const api = ky.create({ baseUrl: url, headers: { authorization: `Bearer ${key}` }, ...(fetch && { fetch }) });
  return { ingest: (json) => api.post("/v1/ingest", { json }).json(), recall: (json) => api.post("/v1/recall", { json }).json() };
}
