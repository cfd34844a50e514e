// Questions that a check asks of many values, in one step each.

/** The length of a string in UTF-16 units; 0 for anything else. */
export const textLength = (value) => (typeof value === "string" ? value.length : 0);

/** True for an object that is neither null nor an array. Throws for a revoked proxy. */
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
