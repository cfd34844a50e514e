// The body of `createInstance(compiled, guard)` (scripts/lib/instance.mjs). wasm-bindgen's glue keeps the state of an instance in variables of
// its module, so each instance needs a glue of its own. With it come all modules that are bundled here, also those that the crate imports.
/* global compiled, guard */
import { __wbg_set_wasm } from "claiv:glue";
import { exported, imports, renamed } from "claiv:names";

guard.glue = exported;
// Where no module could be compiled, there are only the classes without their code.
if (compiled) {
  // There is no check of `compiled`: in some sandboxes it comes from another realm and is no instance of this one's WebAssembly.Module.
  const wasm = guard.wrap(new WebAssembly.Instance(compiled, imports).exports, renamed);
  __wbg_set_wasm(wasm);
  // Only the development build has such a function.
  wasm.__wbindgen_start?.();
}
