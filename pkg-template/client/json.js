// The JSON text of a request: a field that is added to it, and a field that is in it.

/**
 * The text of a JSON object with one more field at its end; undefined for the text of any other value. The name must have no character that
 * JSON escapes.
 */
export const withField = (text, name, value) =>
  text.endsWith("}") ? `${text.slice(0, -1)}${text.length > 2 ? "," : ""}"${name}":${JSON.stringify(value)}}` : undefined;

/**
 * A field of `payload` as `text` has it, which JSON.stringify has made of `payload`. Where there is a `toJSON` or a getter, the field is read in the
 * text, since these may return something else when they are called again.
 */
export function fieldInJson(payload, name, text) {
  const own = Object.getOwnPropertyDescriptor(payload, name);
  if (typeof payload.toJSON === "function" || own?.get) return Object(JSON.parse(text))[name];
  return own?.enumerable ? own.value : undefined;
}
