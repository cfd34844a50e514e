// Texts put together in one step.

/**
 * The text of a JSON object with one more field at its end; undefined for the text of anything else. The field's name has no character
 * that JSON escapes.
 */
export const withField = (text, name, value) =>
  text.endsWith("}") ? `${text.slice(0, -1)}${text.length > 2 ? "," : ""}"${name}":${JSON.stringify(value)}}` : undefined;
