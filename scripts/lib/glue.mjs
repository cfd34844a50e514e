// What becomes of the JavaScript that wasm-bindgen makes before it is bundled. Each change relies on a form that this version
// writes, and fails where it does not find it.
import { Failure } from "./project.mjs";

/** The documentation, which the declarations carry and every page load would pay for. */
const DOCUMENTATION = /^ *\/\*\*.*?\*\/\n/gms;

/** An import that may throw: a new function and an array of arguments at each call, where a `try` costs nothing. */
const CAUGHT = /^export function (\w+)\(\) \{ return handleError\(function \(([^)]*)\) \{\n(.*?)\n\}, arguments\);\s*\}/gms;
const HANDLE = /^function handleError\(f, args\) \{\n.*?\n\}\n/ms;
const HANDLED = `function handleError(error) {
    wasm.__wbindgen_exn_store(addHeapObject(error));
}
`;

/** Where a value gets a number. Undefined always has the first of the four constants, so that Rust knows it by its number. */
const ADD = "function addHeapObject(obj) {\n";
const CONSTANTS = /heap = new Array\((\d+)\)\.fill\(undefined\);\s*heap\.push\(undefined, null, true, false\);/;

function replaced(text, form, by, what) {
  const changed = text.replace(form, by);
  if (changed === text) throw new Failure(`wasm-bindgen's glue has no ${what} any more: see scripts/lib/glue.mjs`);
  return changed;
}

/** The glue of a module whose exports are now called by `names`. */
export function leanGlue(glue, names, { development }) {
  let text = glue.replaceAll(DOCUMENTATION, "");
  if (!development) {
    const undefinedIs = CONSTANTS.exec(text)?.[1];
    if (!undefinedIs) throw new Failure("wasm-bindgen's glue has no list of references any more: see scripts/lib/glue.mjs");
    text = replaced(text, ADD, `${ADD}    if (obj === undefined) return ${undefinedIs};\n`, "addHeapObject");
    text = replaced(text, CAUGHT, (_, name, parameters, body) =>
      `export function ${name}(${parameters}) {\n  try {\n${body}\n  } catch (error) {\n    handleError(error);\n  }\n}`, "imports that throw");
    text = replaced(text, HANDLE, HANDLED, "handleError");
    if (text.includes(", arguments)")) throw new Failure("an import that throws kept its form: see scripts/lib/glue.mjs");
  }
  return text.replaceAll(/\bwasm\.(\w+)/g, (whole, name) => (name in names ? `wasm.${names[name]}` : whole));
}
