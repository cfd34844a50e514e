// What the entry exports: the public class over the one from wasm.
import { brand, define } from "../runtime/brand.js";

const { Class: ClaivEmulator, call, callNow, release } = brand({
  name: "ClaivEmulator",
  // All that takes time is in `fetch`. What the service remembers is in the module's memory and nowhere else, so nothing restores it.
  isSync: () => true,
});

const bound = new WeakMap();

// A function that needs no `this`, always the same one. It keeps the emulator alive.
define(ClaivEmulator.prototype, "fetch", {
  get() {
    if (!bound.has(this)) {
      const answer = callNow(this, "get fetch", (core) => core.fetch);
      // With one parameter: Deno.serve hands no request to a handler that declares none.
      bound.set(this, async function fetch(input, ...context) {
        return call(emulator, "fetch", () => answer(input, ...context));
      });
      const emulator = this;
    }
    return bound.get(this);
  },
});

// Older hosts have no such symbol, and no `using` that would ask for it.
if (Symbol.dispose) define(ClaivEmulator.prototype, Symbol.dispose, { value() { release(this); }, writable: true });

export { ClaivEmulator };
