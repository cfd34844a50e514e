// The few built-ins that the runtime goes by, as they were when the package was imported, and how it sets properties. A page may replace
// methods of prototypes, iterators among them, and put anything on Object.prototype; so nothing here spreads, destructures or iterates a list.

export const { apply, construct } = Reflect;
const { defineProperty } = Object;
const { hasOwnProperty } = Object.prototype;
const { add, delete: remove, forEach } = Set.prototype;
const { then } = Promise.prototype;

/** Defines a property that is not enumerable and can be replaced, unless `property` says otherwise. */
export function define(target, key, property) {
  defineProperty(target, key, { __proto__: null, configurable: true, enumerable: false, ...property });
}

/** Sets a field of an object of ours, also where Object.prototype has an accessor of this name. */
export function setField(target, key, value, enumerable = true) {
  defineProperty(target, key, { __proto__: null, value, enumerable, configurable: true, writable: true });
}

/** True for a field of the object's own. */
export const hasOwn = (object, key) => apply(hasOwnProperty, object, [key]);

/** The members of a Set: adds one, takes one away, visits each. */
export const addTo = (set, member) => apply(add, set, [member]);
export const removeFrom = (set, member) => apply(remove, set, [member]);
export const each = (set, visit) => apply(forEach, set, [visit]);

/** Waits for a promise. */
export const whenSettled = (promise, done, failed) => apply(then, promise, [done, failed]);

const nothing = () => {};

/** Lets a promise be: its rejection is not an unhandled one. */
export function ignore(promise) {
  try {
    whenSettled(promise, nothing, nothing);
  } catch {
    // There is nobody to be told.
  }
}
