// A client written by hand: fetch, a timeout by AbortController, and JSON. All others are compared with it.
export function make({ url, key, fetch = globalThis.fetch, timeout = 30_000 }) {
  async function post(path, body) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeout);
    try {
      const response = await fetch(url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: controller.signal,
      });
      if (!response.ok) throw new Error(`the service answered ${response.status}`);
      return await response.json();
    } finally {
      clearTimeout(timer);
    }
  }
  return { ingest: (event) => post("/v1/ingest", event), recall: (request) => post("/v1/recall", request) };
}
