// Makes the public class over one from wasm. The core stays out of sight: copies, proxies and methods without their object have
// none, so that nobody's call goes to the memory, or with the key, of somebody else.
import { isGuard } from "./guard.js";
import { NO_ROOM, Problem } from "./problem.js";
import { live, shape } from "./start.js";

const OWN = /^(?:constructor$|free$|__)/;

export function define(target, key, property) {
  Object.defineProperty(target, key, { configurable: true, enumerable: false, ...property });
}

/**
 * Makes the class `name` over the core of the same name, with all its methods. Methods return promises, whatever happens, but those
 * for which `isSync` is true: they return and throw at once, as getters and setters do.
 *
 * - `isSync(key)`: which methods these are
 * - `restores`: whether a new core, made as the first one was, can take its place after the instance was damaged
 * - `toMaker(args)`: gives the function that makes a core, `(glue) => core`, out of the constructor's arguments
 * - `toShown(core)`: the properties that an object has for its reader, and shows when it is printed
 * - `toError(thrown)`: the error for users of what Rust threw; it is made on the stack of whoever called
 * - `toProblem(message, problem)`: the error for users of a `Problem`
 *
 * Gives the `Class`, and what its further members are made of: `call`, `callNow`, `callStatic` and `release`.
 */
export function brand({
  name, isSync, restores = false,
  toMaker = (args) => ({ [name]: Core }) => new Core(...args),
  toShown = () => ({}),
  toError = (thrown) => thrown,
  toProblem = (message, { cause }) => new Error(message, { cause }),
}) {
  /** What is behind each object: its core, the guard of the instance that this is in, and how it was made. */
  const records = new WeakMap();

  function make(record) {
    const guard = live();
    record.core = guard.enter("constructor", () => record.maker(guard.glue));
    record.guard = guard;
  }

  /** What is behind `object`, in an instance that works. */
  function use(object) {
    const record = records.get(object);
    if (!record) throw new Problem("stranger");
    if (record.guard.damaged) {
      if (!restores) throw new Problem("lost", record.guard.cause);
      make(record);
    }
    return record;
  }

  function errorOf(thrown) {
    // A guard is thrown where the instance was damaged: there may have been no room for more.
    const problem = isGuard(thrown) ? new Problem("damaged", thrown.cause) : thrown;
    return problem instanceof Problem ? toProblem(problem.message(name), problem) : toError(thrown);
  }

  /** Runs `run(core)` for `object`, at once; `key` says what is called. */
  function callNow(object, key, run) {
    try {
      const { core, guard } = use(object);
      if (!core) throw new Problem("disposed");
      return guard.enter(key, () => run(core));
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }

  /** Runs `run(glue)`, at once: for static methods, which have no core. */
  function callStatic(key, run) {
    try {
      const guard = live();
      return guard.enter(key, () => run(guard.glue));
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }

  /** Runs `run(core)`, which gives a promise, for `object`. */
  async function call(object, key, run) {
    try {
      const { core, guard } = use(object);
      return await guard.track(guard.enter(key, () => run(core)));
    } catch (thrown) {
      // On an empty stack there is room for the rest.
      if (thrown === NO_ROOM) await undefined;
      if (isGuard(thrown)) {
        await undefined;
        thrown.condemn();
      }
      throw errorOf(thrown);
    }
  }

  // The key names the class, whatever a minifier calls it.
  const { [name]: Class } = {
    [name]: class {
      constructor(...args) {
        const record = { maker: toMaker(args) };
        try {
          make(record);
        } catch (thrown) {
          throw errorOf(thrown);
        }
        records.set(this, record);
        const shown = callNow(this, "constructor", toShown);
        for (const key of Object.keys(shown)) define(this, key, { value: shown[key], enumerable: true, configurable: false });
      }
    },
  };

  const { prototype } = shape()[name];
  for (const key of Object.getOwnPropertyNames(prototype).filter((one) => !OWN.test(one))) {
    const { get, set, value } = Object.getOwnPropertyDescriptor(prototype, key);
    if (!value) {
      define(Class.prototype, key, {
        get: get && function () { return callNow(this, key, (core) => core[key]); },
        set: set && function (to) { callNow(this, key, (core) => { core[key] = to; }); },
      });
      continue;
    }
    const run = isSync(key) ? callNow : call;
    const { [key]: method } = { [key](...args) { return run(this, key, (core) => core[key](...args)); } };
    define(Class.prototype, key, { value: method, writable: true });
  }

  /** Gives the core's memory back. Calls of the object say so from then on. */
  function release(object) {
    const record = records.get(object);
    if (!record) throw errorOf(new Problem("stranger"));
    const { core, guard } = record;
    record.core = undefined;
    if (core && !guard.damaged) core.free();
  }

  return { Class, call, callNow, callStatic, release };
}
