// Calls the module back when promises settle and signals fire. `notify` is the function of the module for that (src/wait.rs).

/** Calls `notify`. An exception of it is reported as one of a callback of the module (runtime/host.js), and not as an unhandled rejection. */
function call(notify, index, version, rejected, value) {
  try {
    notify(index, version, rejected, value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

const nothing = () => {};

/** Calls `notify` once `value` has settled. Throws for a promise whose `constructor` or `then` throws when it is read. */
export function settle(value, notify, index, version) {
  let promise = value;
  try {
    promise = Promise.resolve(value);
    promise.then(
      (result) => call(notify, index, version, false, result),
      (reason) => call(notify, index, version, true, reason),
    );
  } catch (error) {
    // The call does not wait for it any more, so its rejection must not be an unhandled one.
    promise?.then?.(nothing, nothing);
    throw error;
  }
}

/** Marks a promise's rejection as handled. */
export function ignore(value) {
  Promise.resolve(value).then(nothing, nothing);
}

const atStart = { setImmediate: globalThis.setImmediate, setTimeout: globalThis.setTimeout };

/**
 * Calls `end` after a turn of the event loop, in which data that has arrived is delivered: the headers of a response, and its body after them. Node and
 * Bun read sockets between timers and immediates; elsewhere there are only timers.
 */
function afterDelivery({ setImmediate, setTimeout: start }, end) {
  // A host whose timers fail by now gets no turn.
  const after = (step) => () => {
    try {
      start(step, 0);
    } catch {
      end();
    }
  };
  // Where there are only timers, a body comes two of their turns after its headers.
  (setImmediate ?? start)(setImmediate ? after(end) : after(after(end)), 0);
}

/** Calls `notify` after such a turn. Throws where the host has no timers. */
export function afterTurn(notify, index, version) {
  const end = () => call(notify, index, version, false, undefined);
  afterDelivery(globalThis, end);
  // Fake timers of a test would have to be moved once more, so the timers from the start are used as well; these may be fakes that are gone.
  // The second of the two calls has no effect.
  if (globalThis.setTimeout !== atStart.setTimeout) afterDelivery(atStart, end);
}

/** Runs a callback. One that throws, as at the end of the stack, does not keep the others from running; its call ends by its timeout. */
const attempt = (callback) => {
  try {
    callback();
  } catch {
    // See above.
  }
};

// For each signal the callbacks of its calls. The signal itself has one listener for all: from the eleventh on, hosts warn of a leak.
const listeners = new WeakMap();

/** Calls `notify` when the signal fires, until `unlisten`. Throws what the signal's own method throws. */
export function listen(signal, notify, index, version) {
  // In a microtask: `abort` may be called near the end of the host's stack, or while the module is running.
  const callback = () => queueMicrotask(() => call(notify, index, version, false, undefined));
  let callbacks = listeners.get(signal);
  if (!callbacks) {
    callbacks = new Set();
    callbacks.fire = () => attempt(() => callbacks.forEach(attempt));
    signal.addEventListener("abort", callbacks.fire);
    listeners.set(signal, callbacks);
  }
  callbacks.add(callback);
  return callback;
}

/** Removes a callback of `listen`. Throws what the signal's own method throws. */
export function unlisten(signal, callback) {
  const callbacks = listeners.get(signal);
  if (!callbacks?.delete(callback) || callbacks.size > 0) return;
  listeners.delete(signal);
  signal.removeEventListener("abort", callbacks.fire);
}
