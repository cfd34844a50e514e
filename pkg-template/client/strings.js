// Texts put together in one step.

/**
 * The text of a JSON object with one more field at its end; undefined for the text of anything else. The field's name has no character
 * that JSON escapes.
 */
export const withField = (text, name, value) =>
  text.endsWith("}") ? `${text.slice(0, -1)}${text.length > 2 ? "," : ""}"${name}":${JSON.stringify(value)}}` : undefined;

/**
 * A field of `payload` as its JSON text carries it, where JSON.stringify has written the text. What it asked a `toJSON` or a getter for is read in
 * the text: asked again, they may say something else. Throws where the text is that of `null`.
 */
export function carried(payload, name, text) {
  const own = Object.getOwnPropertyDescriptor(payload, name);
  if (typeof payload.toJSON === "function" || own?.get) return Object(JSON.parse(text))[name];
  return own?.enumerable ? own.value : undefined;
}
