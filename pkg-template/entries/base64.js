// For Node, where the size of a file hardly matters, and for CommonJS: the module is base64, which these hosts decode natively.
import base64 from "claiv:wasm";
import { provide } from "../runtime/start.js";

function decode(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  // Not by its bare name, for which some bundlers would bring a stand-in along.
  if (globalThis.Buffer?.from) return globalThis.Buffer.from(text, "base64");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // A plain loop: Uint8Array.from with a function takes several times as long.
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

provide(() => new WebAssembly.Module(decode(base64)));
