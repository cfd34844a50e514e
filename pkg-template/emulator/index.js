// The entry `claiv-memory/emulator`: the public class, which wraps the class of the WebAssembly module.
import { brand } from "../runtime/brand.js";
import { apply, define } from "../runtime/own.js";

const { Class: ClaivEmulator, asyncMethod, callNow, release } = brand({
  name: "ClaivEmulator",
  // `fetch` is defined below, and all other methods return at once. If the module fails, the memory of the emulator is lost with it: unlike a
  // client, an emulator cannot be made anew from its options.
  isSync: () => true,
});

// The `fetch` of each emulator.
const bound = new WeakMap();

// `fetch` is a bound function, the same one at each access, so that it can be passed on by itself. It keeps the emulator alive.
define(ClaivEmulator.prototype, "fetch", {
  get() {
    if (!bound.has(this)) {
      const emulator = this;
      const answer = callNow(emulator, "fetch", (core) => core.fetch);
      const method = asyncMethod("fetch", (core, args) => apply(answer, undefined, args));
      // It declares a parameter, as Deno.serve passes no request to a handler whose `length` is 0.
      bound.set(emulator, function fetch(input, ...context) {
        return apply(method, emulator, [input, ...context]);
      });
    }
    return bound.get(this);
  },
});

// Older hosts have neither Symbol.dispose nor `using`, which calls it.
if (Symbol.dispose) define(ClaivEmulator.prototype, Symbol.dispose, { value() { release(this); }, writable: true });

export { ClaivEmulator };
