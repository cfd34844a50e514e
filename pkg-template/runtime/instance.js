// The body of `createInstance(compiled, guard)` (scripts/lib/instance.mjs): wasm-bindgen's glue keeps what it knows of an instance in
// variables of its module, so a fresh instance needs a fresh glue. All that is bundled here, the modules that the crate imports included, is
// made anew with each.
/* global compiled, guard */
import { __wbg_set_wasm } from "claiv:glue";
import { exported, imports, renamed } from "claiv:names";

guard.glue = exported;
// Without a module there is nothing but the shape of the classes.
if (compiled) {
  // There is no check of `compiled`: in some sandboxes it comes from another realm and is no instance of this one's WebAssembly.Module.
  const wasm = guard.wrap(new WebAssembly.Instance(compiled, imports).exports, renamed);
  __wbg_set_wasm(wasm);
  // Only the development build has something to do before its first call.
  wasm.__wbindgen_start?.();
}
