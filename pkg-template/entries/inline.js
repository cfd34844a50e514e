// Everywhere without a way of its own to import a module: the bytes travel inside the JavaScript. Needs no file, no network
// and no permission, in any bundler.
import base64 from "claiv:wasm";
import { instantiate } from "./instantiate.js";

function decode(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // A plain loop: Uint8Array.from with a function takes several times as long.
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

instantiate(new WebAssembly.Module(decode(base64)));
