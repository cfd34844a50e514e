// Makes the public class over one from wasm. The core stays out of sight: copies, proxies and methods without their object have
// none, so that nobody's call goes to the memory, or with the key, of somebody else.
import { isGuard } from "./guard.js";
import { apply, construct, define } from "./own.js";
import { NO_ROOM, Problem } from "./problem.js";
import { live, shape } from "./start.js";

const OWN = /^(?:constructor$|free$|__)/;

/**
 * Makes the class `name` over the core of the same name, with all its methods. Methods return promises, whatever happens, but those
 * for which `isSync` is true: they return and throw at once, as getters and setters do.
 *
 * - `isSync(key)`: which methods these are
 * - `restores`: whether a new core, made as the first one was, can take its place after the instance was damaged
 * - `toMaker(args)`: gives the function that makes a core, `(glue) => core`, out of the constructor's arguments
 * - `toShown(core)`: the properties that an object has for its reader, and shows when it is printed
 * - `toResult(key, value)`: what a method gives for what the core's gave, or a promise of it
 * - `toError(thrown)`: the error for users of what Rust threw, made on the stack of whoever called; nothing for what Rust never throws
 * - `toProblem(message, problem)`: the error for users of a `Problem`; both also get the function of the runtime above which the stack
 *   has nothing of interest
 *
 * Gives the `Class`, and what its further members are made of: `asyncMethod`, `callNow`, `callStatic` and `release`.
 */
export function brand({
  name, isSync, restores = false,
  toMaker = (args) => ({ [name]: Core }) => construct(Core, args),
  toShown = () => ({}),
  toResult = (key, value) => value,
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

  /** Made beforehand: for where there is no room for another, and where a function of the host fails as another is made. */
  const errors = {};
  for (const problem of [NO_ROOM, new Problem("foreign")]) errors[problem.kind] = toProblem(problem.message(name), problem);

  /** The error for users of whatever was thrown: parts of an error by Rust, a problem, or anything by a function of the host. */
  function errorOf(thrown) {
    // A guard is thrown where the instance was damaged: there may have been no room for more.
    let problem = isGuard(thrown) ? new Problem("damaged", thrown.cause) : thrown;
    if (!(problem instanceof Problem)) {
      const error = toError(thrown, failure);
      if (error) return error;
      problem = new Problem("foreign", thrown);
    }
    return toProblem(problem.message(name), problem, failure);
  }

  /** The same, whatever fails on the way: then it is the other one. */
  function failure(thrown, otherwise) {
    try {
      if (isGuard(thrown)) thrown.condemn();
      return errorOf(thrown);
    } catch {
      return otherwise;
    }
  }

  /** Runs `run`, and throws nothing but errors for users. */
  function guarded(run) {
    let error = errors.room;
    try {
      return run();
    } catch (thrown) {
      try {
        error = failure(thrown, error);
      } catch {
        // There was no room to begin it.
      }
    }
    throw error;
  }

  /** Runs `run(core)` for `object`, at once; `key` says what is called. */
  const callNow = (object, key, run) => guarded(() => {
    const { core, guard } = use(object);
    if (!core) throw new Problem("disposed");
    return guard.enter(key, () => run(core));
  });

  /** Runs `run(glue)`, at once: for static methods, which have no core. */
  const callStatic = (key, run) => guarded(() => {
    const guard = live();
    return guard.enter(key, () => run(guard.glue));
  });

  /** Begins a call, and gives the promise of its end. */
  function begin(object, key, run) {
    const { core, guard } = use(object);
    return guard.track(guard.enter(key, () => run(core)));
  }

  /** Makes the method `key`, whose promise settles as that of `run(core, args)` and rejects with nothing but errors for users. */
  const asyncMethod = (key, run) => ({
    async [key](...args) {
      let thrown;
      try {
        return await toResult(key, await begin(this, key, (core) => run(core, args)));
      } catch (what) {
        thrown = what;
      }
      // In a turn of its own there is room for the rest, and whoever awaits this method is on the error's stack.
      await undefined;
      throw failure(thrown, errors.foreign);
    },
  })[key];

  // The key names the class, whatever a minifier calls it.
  const { [name]: Class } = {
    [name]: class {
      constructor(...args) {
        guarded(() => {
          const record = { maker: toMaker(args) };
          make(record);
          records.set(this, record);
          const shown = record.guard.enter("constructor", () => toShown(record.core));
          for (const field in shown) define(this, field, { value: shown[field], enumerable: true, configurable: false });
        });
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
    const run = (core, args) => apply(core[key], core, args);
    const { [key]: method } = isSync(key)
      ? { [key](...args) { return callNow(this, key, (core) => run(core, args)); } }
      : { [key]: asyncMethod(key, run) };
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

  return { Class, asyncMethod, callNow, callStatic, release };
}
