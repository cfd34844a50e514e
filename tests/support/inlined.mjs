// Modules of wasm inside JavaScript: how many there are in a text, in either form in which the package carries them.
import { pack } from "../../scripts/lib/packed.mjs";

// The first eight bytes of every module.
const START = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const MARKS = [START.toString("base64").slice(0, 10), pack(START)];

/** How many modules `text` carries. */
export const inlinedModules = (text) => MARKS.reduce((sum, mark) => sum + text.split(mark).length - 1, 0);
