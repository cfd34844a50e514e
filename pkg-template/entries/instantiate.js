import { __wbg_set_wasm } from "claiv:glue";
import { imports } from "claiv:imports";

/**
 * Joins a compiled module and its glue. Synchronous, so that importing the package is all there is to do.
 *
 * There is no check of `module`: in some sandboxes it comes from another realm and is no instance of this one's
 * WebAssembly.Module.
 */
export function instantiate(module) {
  const { exports } = new WebAssembly.Instance(module, { imports });
  __wbg_set_wasm(exports);
  // Only the development build has something to do before its first call.
  exports.__wbindgen_start?.();
}
