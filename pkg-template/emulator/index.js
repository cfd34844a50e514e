// What the entry exports: the public class over the one from wasm.
import { brand } from "../runtime/brand.js";
import { apply, define } from "../runtime/own.js";

const { Class: ClaivEmulator, asyncMethod, callNow, release } = brand({
  name: "ClaivEmulator",
  // All that takes time is in `fetch`. What the service remembers is in the module's memory and nowhere else, so nothing restores it.
  isSync: () => true,
});

const bound = new WeakMap();

// A function that needs no `this`, always the same one. It keeps the emulator alive.
define(ClaivEmulator.prototype, "fetch", {
  get() {
    if (!bound.has(this)) {
      const emulator = this;
      const answer = callNow(emulator, "fetch", (core) => core.fetch);
      const method = asyncMethod("fetch", (core, args) => apply(answer, undefined, args));
      // With one parameter: Deno.serve hands no request to a handler that declares none.
      bound.set(emulator, function fetch(input, ...context) {
        return apply(method, emulator, [input, ...context]);
      });
    }
    return bound.get(this);
  },
});

// Older hosts have no such symbol, and no `using` that would ask for it.
if (Symbol.dispose) define(ClaivEmulator.prototype, Symbol.dispose, { value() { release(this); }, writable: true });

export { ClaivEmulator };
