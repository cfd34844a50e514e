// Preact with htm: markup without a compiler. All text goes into the page as text; nothing here makes markup of a string.
import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);

const number = new Intl.NumberFormat("en");
export const count = (value) => number.format(value ?? 0);

/** One thing or several: `3 events`. */
export const many = (value, one, several = `${one}s`) => `${count(value)} ${value === 1 ? one : several}`;

/** A time of the emulator's in UTC, as short as it can be read. */
export const day = (time) => (time ? time.slice(0, 10) : "");
export const minute = (time) => (time ? `${time.slice(0, 10)} ${time.slice(11, 16)}` : "");
export const clock = (time) => (time ? time.slice(11, 19) : "");

export function bytes(value) {
  if (value < 1024) return `${value} B`;
  return value < 1024 * 1024 ? `${(value / 1024).toFixed(1)} KB` : `${(value / 1024 / 1024).toFixed(1)} MB`;
}

/** A text with the words that were found in it marked. The emulator tells them folded: in lower case, without apostrophes. */
export function marked(text, words) {
  const wanted = new Set(words);
  if (wanted.size === 0) return text;
  return text.split(/([\p{L}\p{N}\p{M}'’]+)/u).map((part) => (wanted.has(part.toLowerCase().replace(/['’]/g, "")) ? html`<mark>${part}</mark>` : part));
}
