// What importing the package does to its host. To be called before the package is imported; `stop()` gives what changed.

/** Functions of the host that no module needs while it is being imported. */
const SPIED = ["fetch", "setTimeout", "setInterval", "queueMicrotask"];

function descriptors() {
  return new Map(Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]));
}

export function watch() {
  // Node makes many of its globals, and what they need, when they are first asked for.
  if (typeof process === "object") for (const key of Reflect.ownKeys(globalThis)) void globalThis[key];
  const called = [];
  const restore = [];
  const replace = (owner, key, value) => {
    const original = owner[key];
    const own = Object.prototype.hasOwnProperty.call(owner, key);
    try {
      owner[key] = value(original);
      restore.push(() => {
        if (own) owner[key] = original;
        else delete owner[key];
      });
    } catch {
      // A host that does not let itself be watched is watched less.
    }
  };
  for (const key of SPIED) {
    if (typeof globalThis[key] === "function") {
      replace(globalThis, key, (original) => function spy(...args) { called.push(key); return Reflect.apply(original, globalThis, args); });
    }
  }
  replace(Math, "random", (original) => () => { called.push("Math.random"); return original(); });
  if (typeof process === "object" && process?.env) {
    replace(process, "env", (original) => new Proxy(original, {
      get(target, key) {
        // Node's own module loader asks for some of these when a module is required.
        if (typeof key === "string" && !/^(NODE_|WATCH_|BUN_)/.test(key)) called.push(`process.env.${key}`);
        return target[key];
      },
    }));
  }
  // With the spies in place, before and after: putting them there is a change as well.
  const before = descriptors();
  let result;
  return {
    stop() {
      return result ??= look();
    },
  };

  function look() {
    const after = descriptors();
    restore.forEach((undo) => undo());
    return {
      called,
      added: [...after.keys()].filter((key) => !before.has(key)).map(String),
      removed: [...before.keys()].filter((key) => !after.has(key)).map(String),
      changed: [...before].filter(([key, was]) => {
        const is = after.get(key);
        // A getter that made way for its value is the host's own doing.
        return is && was && "value" in was && !Object.is(was.value, is.value);
      }).map(([key]) => String(key)),
    };
  }
}
