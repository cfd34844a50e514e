// Takes the API key out of what errors show, in every form in which a server may echo it.

/** What stands in the key's place. */
const MARK = "[redacted]";
/** A shorter key is found in words that have nothing to do with it: it is looked for as a whole value only. */
const SHORTEST = 8;

/**
 * The text that base64 always has for `key`, whatever stands before and after it: three forms, by how many bytes come before. The characters at
 * both ends that also depend on the neighbours are left out.
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
  const forms = [key, encodeURIComponent(key), key.replaceAll("/", "\\/"), ...base64Forms(key)];
  for (const form of base64Forms(key)) forms.push(form.replaceAll("+", "-").replaceAll("/", "_"));
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** `value`, which JSON can carry, without the key: the very same where it is not in there, else a copy. */
export function redact(value, key) {
  const forms = key.length < SHORTEST ? undefined : formsOf(key);
  const clean = forms
    ? (text) => forms.reduce((rest, form) => (rest.includes(form) ? rest.replaceAll(form, MARK) : rest), text)
    : (text) => (text === key ? MARK : text);
  if (typeof value === "string") return clean(value);
  if (typeof value !== "object" || value === null) return value;
  const copies = new Map();
  let isChanged = false;
  // A list of what is left to do, not a function that calls itself: details may be nested deeper than any stack.
  const left = [value];
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
  copies.set(value, Array.isArray(value) ? [] : {});
  while (left.length > 0) {
    const item = left.pop();
    const copy = copies.get(item);
    for (const name of Object.keys(item)) {
      // A field called __proto__ stays a field. A short key is no name of a field.
      Object.defineProperty(copy, forms && !Array.isArray(item) ? copyOf(name) : name, {
        __proto__: null, value: copyOf(item[name]), enumerable: true, configurable: true, writable: true,
      });
    }
  }
  return isChanged ? copies.get(value) : value;
}

/** Takes the key out of a text in which hosts print a value. A short key is looked for as a whole value, in quotes. */
export const hider = (key) => (text) => (key.length < SHORTEST ? text.replaceAll(`'${key}'`, `'${MARK}'`) : redact(text, key));
