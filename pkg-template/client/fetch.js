// What an attempt takes of the host, in one step each: its request, the status of its answer, and the object that is its body.
import { isRecord } from "./checks.js";

const JSON_TYPE = "application/json";

/** Calls a fetch, the host's where none is given. The body, the authorization and the two groups of headers may be undefined. */
export function send(given, url, method, controller, body, authorization, defaults, more) {
  const headers = Object.assign({ accept: JSON_TYPE }, defaults, more);
  // A redirect would carry the key along.
  const init = { method, headers, signal: controller.signal, redirect: "manual" };
  if (body !== undefined) {
    headers["content-type"] = JSON_TYPE;
    init.body = body;
  }
  if (authorization !== undefined) headers.authorization = authorization;
  // Without a `this`, which the fetch of some hosts refuses.
  const call = given ?? globalThis.fetch;
  return call(url, init);
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
