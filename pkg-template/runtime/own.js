// The built-ins that the runtime uses, as they were when the package was imported, and functions that set properties. A page may replace methods of
// prototypes later, iterators among them, and put anything on Object.prototype. So nothing here spreads, destructures or iterates a list.

export const { apply, construct } = Reflect;
const { defineProperty } = Object;
const { hasOwnProperty } = Object.prototype;
const { add, delete: remove, forEach } = Set.prototype;
const { then } = Promise.prototype;

/** Defines a property that is not enumerable and can be replaced, unless `property` says otherwise. */
export function define(target, key, property) {
  defineProperty(target, key, { __proto__: null, configurable: true, enumerable: false, ...property });
}

/** Sets a field of one of our objects, also where Object.prototype has an accessor of this name. */
export function setField(target, key, value, enumerable = true) {
  defineProperty(target, key, { __proto__: null, value, enumerable, configurable: true, writable: true });
}

/** True where an object has this field itself. */
export const hasOwn = (object, key) => apply(hasOwnProperty, object, [key]);

/** Methods of a Set: `add`, `delete`, `forEach`. */
export const addTo = (set, member) => apply(add, set, [member]);
export const removeFrom = (set, member) => apply(remove, set, [member]);
export const each = (set, visit) => apply(forEach, set, [visit]);

/** `promise.then(...)`. */
export const whenSettled = (promise, onFulfilled, onRejected) => apply(then, promise, [onFulfilled, onRejected]);

const nothing = () => {};

/** Marks a promise's rejection as handled. */
export function ignore(promise) {
  try {
    whenSettled(promise, nothing, nothing);
  } catch {
    // A promise that throws when it is subscribed to.
  }
}
