// For pages and other places where the file is downloaded: the module is a text that compresses almost as well as its bytes.
// scripts/lib/packed.mjs writes it, and describes the encoding. Needs no file, no network and no permission, in any bundler.
import packed from "claiv:wasm";
import { provide } from "../runtime/start.js";

function unpack(text) {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let page = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    code -= code > 92 ? 34 : code > 34 ? 33 : 32;
    if (page > 0) {
      code += (page - 1) * 91;
      bytes[length++] = code + (code < 31 ? 66 : 91);
      page = 0;
    } else if (code > 90) {
      page = code - 90;
    } else {
      bytes[length++] = code < 66 ? code : code + 31;
    }
  }
  return bytes.subarray(0, length);
}

provide(() => new WebAssembly.Module(unpack(packed)));
