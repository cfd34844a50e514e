// One registry symbol for every copy of the package on a page: an error made by one copy is recognised by another's class.
export const BRANDS = Symbol.for("claiv-memory.errors");

/** True for an error of this package, of any copy of it. Throws for what cannot be asked. */
export const isClaivError = (value) => Array.isArray(value?.[BRANDS]);
