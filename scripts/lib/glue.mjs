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

/** wasm-bindgen's own list of values, in whose place the client has pkg-template/client/values.js. */
const LIST = [
  /^function addHeapObject\(obj\) \{\n.*?\n\}\n/ms,
  /^function dropObject\(idx\) \{\n.*?\n\}\n/ms,
  /^function getObject\(idx\) \{.*?\}\n/ms,
  /^function takeObject\(idx\) \{\n.*?\n\}\n/ms,
  /^let heap = new Array\(\d+\)\.fill\(undefined\);\s*heap\.push\(undefined, null, true, false\);\n/ms,
  /^let heap_next = heap\.length;\n/m,
];
const METHOD = /const ret = (wasm\.\w+)\(this\.__wbg_ptr((?:, addHeapObject\(\w+\))*)\);\s*return takeObject\(ret\);/g;
const CONSTRUCTOR = /const ret = (wasm\.\w+)\(((?:addHeapObject\(\w+\)(?:, )?)+)\);\s*if \(ret\[2\]\) \{\s*throw takeObject\(ret\[1\]\);\s*\}(.*?)ret\[0\]/gs;
/** Freeing by hand would pull the memory from under calls in flight; pkg-template/client/index.js says what is meant by it. */
const FREE = [
  /^ {4}__destroy_into_raw\(\) \{\n.*?\n {4}\}\n/ms,
  /^ {4}free\(\) \{\n.*?\n {4}\}\n/ms,
  /^if \(Symbol\.dispose\) .*\n/m,
];
const plain = (args) => args.replaceAll(/addHeapObject\((\w+)\)/g, "$1");

function replaced(text, form, by, what) {
  const changed = text.replace(form, by);
  if (changed === text) throw new Failure(`wasm-bindgen's glue has no ${what} any more: see scripts/lib/glue.mjs`);
  return changed;
}

/** The same glue with values known as in pkg-template/client/values.js: by numbers that nobody gives back. */
function withScopes(glue) {
  let text = replaced(glue, METHOD, (_, run, args) => `return method(${run}, this.__wbg_ptr${plain(args)});`, "methods");
  text = replaced(text, CONSTRUCTOR, (_, run, args, between) => `const ret = made(${run}, ${plain(args)});${between}ret`, "constructors");
  for (const form of [...LIST, ...FREE]) text = replaced(text, form, "", `${form}`);
  text = text.replaceAll("addHeapObject(", "numberOf(").replaceAll(/\b(?:getObject|takeObject)\(/g, "valueOf(");
  if (/\bheap\b|\bret\[/.test(text)) throw new Failure("something of wasm-bindgen's list of values is left: see scripts/lib/glue.mjs");
  return `import { connect, made, method, numberOf, valueOf } from "./values.js";\n${text}\nconnect(told);\n`;
}

/** The glue of a module whose exports are now called by `names`. */
export function leanGlue(glue, names, { scopes }) {
  let text = glue.replaceAll(DOCUMENTATION, "");
  text = replaced(text, CAUGHT, (_, name, parameters, body) =>
    `export function ${name}(${parameters}) {\n  try {\n${body}\n  } catch (error) {\n    handleError(error);\n  }\n}`, "imports that throw");
  text = replaced(text, HANDLE, HANDLED, "handleError");
  if (text.includes(", arguments)")) throw new Failure("an import that throws kept its form: see scripts/lib/glue.mjs");
  if (scopes) text = withScopes(text);
  return text.replaceAll(/\bwasm\.(\w+)/g, (whole, name) => (name in names ? `wasm.${names[name]}` : whole));
}
