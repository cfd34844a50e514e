// The options of a client.
import { recall, row } from "./row.mjs";

const base = (name, prefix, wire) => recall(name, { prefix, wire });

/** Both refuse it. */
const refused = (name, client, paths) => row(`options: ${name}`, null, { client, paths });
/** Python takes it. */
const stricter = (name, client, paths) => row(`options: ${name}`, null, { client, paths, rules: ["options-checked"] });

export const options = [
  base("a base URL with a slash", "/", "POST /v2/recall"),
  base("a base URL with many slashes", "///", "POST /v2/recall"),
  base("a base URL with a path", "/proxy/claiv", "POST /proxy/claiv/v2/recall"),
  base("a base URL with a path and slashes", "/proxy/claiv//", "POST /proxy/claiv/v2/recall"),
  row("a base URL with a path, for a read", "list_deletion_receipts", { prefix: "/a b/ü", wire: "GET /a%20b/%C3%BC/v1/deletion-receipts" }),
  recall("a key of many signs", { client: { apiKey: "!#$%&'*+-.^_`|~09AZaz:/=?@[]{}" } }),
  refused("no key", { apiKey: "" }, ["apiKey"]),
  refused("a timeout of 0", { timeout: 0 }, ["timeout"]),
  refused("a timeout below 0", { timeout: -5 }, ["timeout"]),
  refused("retries below 0", { maxRetries: -1 }, ["maxRetries"]),
  refused("half a retry", { maxRetries: 1.5 }, ["maxRetries"]),
  stricter("a key with a space", { apiKey: "a b" }, ["apiKey"]),
  stricter("a key with an accent", { apiKey: "clé" }, ["apiKey"]),
  stricter("plain http to another machine", { baseUrl: "http://memory.example.com" }, ["baseUrl"]),
  stricter("a base URL with a user's name", { baseUrl: "https://user:word@memory.example.com" }, ["baseUrl"]),
  stricter("a base URL with a query", { baseUrl: "https://memory.example.com/?a=1" }, ["baseUrl"]),
  stricter("a base URL without a scheme", { baseUrl: "memory.example.com" }, ["baseUrl"]),
];
