// Texts put together, in one step each.

/** Three strings as one. */
export const joined = (a, b, c) => a + b + c;

/** The text of a JSON object with a field more: its name, its value and what ends it all. Undefined for the text of anything else. */
export const withField = (text, name, value, end) =>
  text.endsWith("}") ? (text.length > 2 ? `${text.slice(0, -1)},` : "{") + name + value + end : undefined;
