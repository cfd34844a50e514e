// What an attempt takes of the host, in one step each: its request, the status of its answer, and the object that is its body.
import { isRecord } from "./checks.js";

const JSON_TYPE = "application/json";

/** Whether fetch knows `cache`: the build says it for the runtime of each file (scripts/lib/entries.mjs). Unit tests run without a build. */
const knowsCache = typeof CLAIV_KNOWS_CACHE === "undefined" || CLAIV_KNOWS_CACHE;

/** What fetch is given beside the URL. The body, the authorization and the two groups of headers may be undefined. */
export function initOf(method, controller, body, authorization, defaults, more) {
  const headers = Object.assign({ accept: JSON_TYPE }, defaults, more);
  // A redirect would carry the key along.
  const init = { method, headers, signal: controller.signal, redirect: "manual" };
  // Memory that was stored a moment ago has to be seen: some frameworks keep the answers of GETs (Next.js 14).
  if (method === "GET" && knowsCache) init.cache = "no-store";
  if (body !== undefined) {
    headers["content-type"] = JSON_TYPE;
    init.body = body;
  }
  if (authorization !== undefined) headers.authorization = authorization;
  return init;
}

/** Calls a fetch, the host's where none is given, without a `this`, which the fetch of some hosts refuses. */
export function send(given, url, init) {
  const call = given ?? globalThis.fetch;
  return call(url, init);
}

/** What an error says, without the function that it names first. */
const said = ({ message }) => message.slice(message.lastIndexOf(": ") + 1).trim();

/**
 * True where a fetch failed because the host can make no such request: then the host's `Request` refuses the very same, with the same words. A custom
 * fetch, or a mock, that fails by itself says something else. Throws for what is no error.
 */
export function isImpossible(url, init, error) {
  if (error.name !== "TypeError" || typeof Request !== "function") return false;
  try {
    new Request(url, init);
    return false;
  } catch (refusal) {
    return said(refusal) === said(error);
  }
}

/** Cuts a fetch short. */
export const abort = (controller) => controller.abort();

/** The status of a Response, and NaN where it is no number. Throws for what is no object. */
export const statusOf = ({ status }) => (typeof status === "number" ? status : NaN);

/** The object that a JSON text stands for; undefined where it stands for something else. Throws for what is no JSON. */
export function recordOf(text) {
  const value = JSON.parse(text);
  return isRecord(value) ? value : undefined;
}
