// What the checks in Rust need to know of a value, as one call each.

/** The length of a string in UTF-16 units; 0 for anything else. */
export const textLength = (value) => (typeof value === "string" ? value.length : 0);

/** The type of a value, as a message calls it: null, arrays, dates and empty strings are types of their own. Throws for a revoked proxy. */
export function typeName(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (value === "") return "an empty string";
  if (Object.prototype.toString.call(value) === "[object Date]") return "a Date";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/**
 * The field `name` of an object, own or inherited, but not from Object.prototype: a property that a page has put there is no option, header or
 * field. Throws what a getter or a proxy throws, and for a value that is no object.
 */
export function fieldOf(source, name) {
  if (name in Object.prototype) {
    for (let one = source; ; one = Object.getPrototypeOf(one)) {
      if (one === null || one === Object.prototype) return undefined;
      if (Object.prototype.hasOwnProperty.call(one, name)) break;
    }
  }
  return Reflect.get(source, name);
}

/** A new object with the own, enumerable fields of another. Unlike with Object.assign one called `__proto__` stays a field. */
export const copyFields = (source) => ({ ...source });

/** How many own, enumerable fields an object has. Throws for a revoked proxy. */
export const ownCount = (value) => Object.keys(value).length;

/** True for an array. Throws for a revoked proxy. */
export const isArray = (value) => Array.isArray(value);

/** True for an object that is neither null nor an array. Throws for a revoked proxy. */
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
