// The steps of an attempt that are one function of the host each: its request, the status of its response, and the object that its body is.
import { isRecord } from "./checks.js";

const JSON_TYPE = "application/json";

/** Whether fetch knows `cache`: set by the build, for the runtime of each file (scripts/lib/entries.mjs). Unit tests run without a build. */
const knowsCache = typeof CLAIV_KNOWS_CACHE === "undefined" || CLAIV_KNOWS_CACHE;

/**
 * The second argument of fetch. The body, the authorization and the headers may be undefined; those of the call, `own`, win over the client's
 * `defaults`.
 */
export function requestInit(method, controller, body, authorization, defaults, own) {
  const headers = Object.assign({ accept: JSON_TYPE }, defaults, own);
  // A redirect would carry the key along.
  const init = { method, headers, signal: controller.signal, redirect: "manual" };
  // Some frameworks cache GETs (Next.js 14): they would miss memory that has just been stored.
  if (method === "GET" && knowsCache) init.cache = "no-store";
  if (body !== undefined) {
    headers["content-type"] = JSON_TYPE;
    init.body = body;
  }
  if (authorization !== undefined) headers.authorization = authorization;
  return init;
}

/** Calls the custom fetch, or else the host's. Without a `this`, which the fetch of some hosts refuses. */
export function send(custom, url, init) {
  const call = custom ?? globalThis.fetch;
  return call(url, init);
}

/** The message of an error without the name of the function that comes first in it. */
const messageOf = ({ message }) => message.slice(message.lastIndexOf(": ") + 1).trim();

/**
 * True where fetch failed with `error` because the host can make no such request: then the host's `Request` throws for the same arguments, with the
 * same message. A custom fetch, or a mock, that fails for another reason has another message. Throws for a value that is no error.
 */
export function isImpossible(url, init, error) {
  if (error.name !== "TypeError" || typeof Request !== "function") return false;
  try {
    new Request(url, init);
    return false;
  } catch (refusal) {
    return messageOf(refusal) === messageOf(error);
  }
}

/** Aborts a fetch. */
export const abort = (controller) => controller.abort();

/** The status of a Response, or NaN where it is no number. Throws for undefined and null. */
export const statusOf = ({ status }) => (typeof status === "number" ? status : NaN);

/** The object that a text of JSON describes; undefined for any other value of JSON. Throws for what is no JSON. */
export function parseObject(text) {
  const value = JSON.parse(text);
  return isRecord(value) ? value : undefined;
}
