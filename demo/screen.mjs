// What the demo prints: headings, aligned lines, colours only where somebody looks at a terminal.
const TTY = process.stdout.isTTY === true;
const COLOURS = TTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
const WIDTH = 100;

const paint = (code) => (text) => (COLOURS ? `\x1b[${code}m${text}\x1b[0m` : String(text));
export const bold = paint(1);
export const dim = paint(2);
export const green = paint(32);
export const yellow = paint(33);

export const line = (text = "") => console.log(text);

let sections = 0;
export function heading(text) {
  line(`\n${bold(`${++sections}  ${text}`)}`);
}

/** Name and value, the values in one column. */
export function fact(name, value) {
  line(`   ${name.padEnd(12)} ${value}`);
}

/** A text cut to what fits behind `used` columns. */
export function cut(text, used = 0) {
  const flat = String(text).replace(/\s+/g, " ").trim();
  const most = WIDTH - used;
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

/** A text broken into lines, each behind the same indent. */
export function wrapped(text, indent) {
  const lines = [""];
  for (const word of String(text).split(/\s+/)) {
    if (lines.at(-1) !== "" && lines.at(-1).length + 1 + word.length > WIDTH - indent) lines.push("");
    lines[lines.length - 1] += lines.at(-1) === "" ? word : ` ${word}`;
  }
  return lines.map((one) => " ".repeat(indent) + one).join("\n");
}

/** How much of a whole, as a bar. */
export function bar(part, whole, length = 20) {
  const filled = whole > 0 ? Math.min(length, Math.round((part / whole) * length)) : 0;
  return green("█".repeat(filled)) + dim("░".repeat(length - filled));
}

/** Rows in columns: numbers to the right, the rest to the left. */
export function table(titles, rows) {
  const widths = titles.map((title, at) => Math.max(title.length, ...rows.map((row) => String(row[at]).length)));
  const cell = (value, at) => (typeof value === "number" ? String(value).padStart(widths[at]) : String(value).padEnd(widths[at]));
  // A title stands on the side on which its column's values do.
  const title = (text, at) => (typeof rows[0]?.[at] === "number" ? text.padStart(widths[at]) : text.padEnd(widths[at]));
  line(dim(`   ${titles.map(title).join("  ").trimEnd()}`));
  for (const row of rows) line(`   ${row.map(cell).join("  ").trimEnd()}`);
}

/** Shows how far a long step is; only at a terminal, where the line is written over. */
export function progress(text) {
  if (TTY) process.stdout.write(`\r\x1b[K   ${text}`);
}

export function progressDone() {
  if (TTY) process.stdout.write("\r\x1b[K");
}
