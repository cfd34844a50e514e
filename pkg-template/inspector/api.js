// Asks the emulator, whether it is the command's or this page's.
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";

export const Api = createContext(undefined);
export const useApi = () => useContext(Api);

/** An answer that tells what is wrong. */
export class Refused extends Error {}

export function makeApi(send) {
  /** The text of a successful answer. */
  async function textOf(method, path, body) {
    const headers = { authorization: "Bearer inspector" };
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    if (text !== undefined) headers["content-type"] = "application/json";
    const response = await send(path, { method, headers, body: text });
    const answer = await response.text();
    if (response.ok) return answer;
    let said;
    try {
      said = JSON.parse(answer).error.message;
    } catch {
      // Not an error of the emulator's.
    }
    throw new Refused(said ?? `The emulator answered ${response.status}.`);
  }
  async function ask(method, path, body) {
    const answer = await textOf(method, path, body);
    try {
      return JSON.parse(answer);
    } catch {
      throw new Refused("The emulator answered with something that is no JSON.");
    }
  }
  const query = (fields) => {
    const given = Object.entries(fields ?? {}).filter(([, value]) => value !== undefined && value !== "");
    return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  };
  return {
    /** The inspector's own endpoints. */
    get: (path, fields) => ask("GET", `api/${path}${query(fields)}`),
    /** The same as the text that it is: numbers and the order of fields stay as they were written. */
    text: (path) => textOf("GET", `api/${path}`),
    post: (path, body) => ask("POST", `api/${path}`, body),
    put: (path, body) => ask("PUT", `api/${path}`, body),
    remove: (path, fields) => ask("DELETE", `api/${path}${query(fields)}`),
    /** The service's, without a trace: nothing is logged, counted or met by a fault. */
    look: (path, fields) => ask("GET", `api/quiet${path}${query(fields)}`),
    recall: (version, body) => ask("POST", `api/quiet/${version}/recall`, { ...body, explain: true }),
    /** The service's, as a client calls it. */
    service: (path, body) => ask("POST", `service${path}`, body),
  };
}

/**
 * What `ask` resolves to, asked anew when `about` changes. The last answer stays until the next one is there; of answers that overtake each
 * other the last question counts.
 */
export function useAnswer(ask, about) {
  const [state, setState] = useState({});
  const latest = useRef(0);
  useEffect(() => {
    const mine = ++latest.current;
    const settle = (next) => mine === latest.current && setState((before) => ({ ...before, ...next }));
    Promise.resolve(ask()).then((value) => settle({ value, error: undefined }), (error) => settle({ error }));
  }, about);
  return state;
}
