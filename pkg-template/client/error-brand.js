// The property by which errors of this package are recognised, also those that another copy of the package on the page made: under a symbol
// of the registry, a list of the names of an error's classes.
export const ERROR_BRAND = Symbol.for("claiv-memory.errors");

/** True for an error of this package, of any copy of it. Throws for a proxy that throws. */
export const isClaivError = (value) => Array.isArray(value?.[ERROR_BRAND]);
