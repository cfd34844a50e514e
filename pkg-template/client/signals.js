// One listener for each signal, however many calls wait for it: from the eleventh on, hosts warn of a leak.

const heard = new WeakMap();

/** Calls `callback` when the signal fires, until `unlisten`. Throws what the signal's own method throws. */
export function listen(signal, callback) {
  let callbacks = heard.get(signal);
  if (callbacks) return void callbacks.add(callback);
  callbacks = new Set([callback]);
  callbacks.fire = () => callbacks.forEach((call) => {
    try {
      call();
    } catch (error) {
      // No call's failure keeps the signal from the others; it is reported as one that nobody handles.
      Promise.reject(error);
    }
  });
  signal.addEventListener("abort", callbacks.fire);
  heard.set(signal, callbacks);
}

/** No longer calls `callback`. Throws what the signal's own method throws. */
export function unlisten(signal, callback) {
  const callbacks = heard.get(signal);
  callbacks.delete(callback);
  if (callbacks.size > 0) return;
  heard.delete(signal);
  signal.removeEventListener("abort", callbacks.fire);
}
