// Tells the module of promises that settle and of signals that fire. `notify` is the module's own function.

/** A failure must not be an unhandled rejection: it is one of a callback of the module (runtime/host.js). */
function tell(notify, index, version, rejected, value) {
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
      (result) => tell(notify, index, version, false, result),
      (reason) => tell(notify, index, version, true, reason),
    );
  } catch (error) {
    // Nobody waits for it any more; its rejection must not be an unhandled one.
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
 * Calls `end` after a turn of the event loop, in which what has arrived is read: the head of an answer, and its body after it. Node and its like read
 * sockets between timers and immediates; elsewhere there are only timers.
 */
function turn({ setImmediate, setTimeout: start }, end) {
  // The last of these is told; a host whose timers fail by then tells at once.
  const after = (step) => () => {
    try {
      start(step, 0);
    } catch {
      end();
    }
  };
  // Where there are only timers, a body takes two of their turns behind its head.
  (setImmediate ?? start)(setImmediate ? after(end) : after(after(end)), 0);
}

/** Calls `notify` after such a turn. Throws where the host has no timers. */
export function afterTurn(notify, index, version) {
  const end = () => tell(notify, index, version, false, undefined);
  turn(globalThis, end);
  // Fake timers would have to be moved once more; but those from the start may be fakes that are gone. What comes second finds nothing.
  if (globalThis.setTimeout !== atStart.setTimeout) turn(atStart, end);
}

/** A callback that throws, as where the stack is full, does not keep the others from running; its own call ends by its timeout. */
const attempt = (call) => {
  try {
    call();
  } catch {
    // See above.
  }
};

// One listener for each signal, however many calls wait for it: from the eleventh on, hosts warn of a leak.
const heard = new WeakMap();

/** Calls `notify` when the signal fires, until `unlisten`. Throws what the signal's own method throws. */
export function listen(signal, notify, index, version) {
  // Not at once: whoever aborts may stand at the end of the host's stack, or within one of the module's own steps.
  const callback = () => queueMicrotask(() => tell(notify, index, version, false, undefined));
  let callbacks = heard.get(signal);
  if (!callbacks) {
    callbacks = new Set();
    callbacks.fire = () => attempt(() => callbacks.forEach(attempt));
    signal.addEventListener("abort", callbacks.fire);
    heard.set(signal, callbacks);
  }
  callbacks.add(callback);
  return callback;
}

/** No longer calls it. Throws what the signal's own method throws. */
export function unlisten(signal, callback) {
  const callbacks = heard.get(signal);
  if (!callbacks?.delete(callback) || callbacks.size > 0) return;
  heard.delete(signal);
  signal.removeEventListener("abort", callbacks.fire);
}
