// Takes the API key out of the texts and values that errors show, in every form in which a server may echo it.

/** Shown in place of the key. */
const MARK = "[redacted]";
/** A shorter key could be part of an unrelated word, so only values that equal it are replaced. */
const MIN_LENGTH = 8;

/**
 * The base64 texts that `key` has within a longer text: three, depending on how many bytes come before it, modulo 3. The characters at both ends that
 * also depend on the neighbouring bytes are left out.
 */
function base64Forms(key) {
  const forms = [];
  for (let before = 0; before < 3; before++) {
    const text = btoa("\0".repeat(before) + key);
    const end = Math.floor(((before + key.length) * 8) / 6);
    forms.push(text.slice(before === 0 ? 0 : before + 1, end));
  }
  return forms;
}

/** All forms of a key, the longest first. Keys are ASCII. */
function formsOf(key) {
  const base64 = base64Forms(key);
  const base64url = base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  const forms = [key, encodeURIComponent(key), key.replaceAll("/", "\\/"), ...base64, ...base64url];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** A value of JSON without the key: the same value where the key is not in it, else a copy. */
export function redact(value, key) {
  const forms = key.length < MIN_LENGTH ? undefined : formsOf(key);
  const clean = forms
    ? (text) => forms.reduce((rest, form) => (rest.includes(form) ? rest.replaceAll(form, MARK) : rest), text)
    : (text) => (text === key ? MARK : text);
  const copies = new Map();
  let isChanged = false;
  // A list of the objects still to be copied, and not recursion: details may be nested deeper than the stack allows.
  const left = [];
  const copyOf = (item) => {
    if (typeof item === "string") {
      const text = clean(item);
      if (text !== item) isChanged = true;
      return text;
    }
    if (typeof item !== "object" || item === null) return item;
    if (!copies.has(item)) {
      copies.set(item, Array.isArray(item) ? [] : {});
      left.push(item);
    }
    return copies.get(item);
  };
  const result = copyOf(value);
  while (left.length > 0) {
    const item = left.pop();
    const copy = copies.get(item);
    for (const name of Object.keys(item)) {
      // A short key is not looked for in the names of fields. Defined, not assigned, so that a field called __proto__ stays a field.
      Object.defineProperty(copy, forms && !Array.isArray(item) ? copyOf(name) : name, {
        __proto__: null, value: copyOf(item[name]), enumerable: true, configurable: true, writable: true,
      });
    }
  }
  return isChanged ? result : value;
}

/** A function that takes the key out of a text in which a host prints a value. Of a short key only a whole value, in quotes, is replaced. */
export const redactor = (key) => (text) => (key.length < MIN_LENGTH ? text.replaceAll(`'${key}'`, `'${MARK}'`) : redact(text, key));
