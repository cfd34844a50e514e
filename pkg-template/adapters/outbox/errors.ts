// Errors of the outbox. An adapter imports no code of the client, so it cannot make one of the client's own errors; it gives its
// errors the mark by which the classes of the client know theirs, of whatever copy of the package (docs/decisions/0042-outbox-errors.md).
import type { ClaivError, ClaivValidationIssue } from "claiv-memory";

/** The same symbol as in pkg-template/client/brands.js. */
const BRANDS = Symbol.for("claiv-memory.errors");

/** An error that is `instanceof` the classes of the client that `names` lists, the most general first. */
function branded(names: readonly string[], message: string, fields: object): ClaivError {
  const { cause, ...rest } = fields as { cause?: unknown };
  const error = new Error(message, cause === undefined ? undefined : { cause });
  const hidden = { [BRANDS]: names, name: names.at(-1), toJSON: () => ({ name: names.at(-1), message, ...rest }) };
  for (const [key, value] of [...Object.entries(hidden), [BRANDS, names] as const]) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true });
  }
  return Object.assign(error, rest) as unknown as ClaivError;
}

/** A ClaivError of no class in particular. `fields` become its own; none of them is ever the API key. */
export const failure = (message: string, fields: object = {}): ClaivError => branded(["ClaivError"], message, fields);

/** A ClaivValidationError that names each fault. */
export const invalid = (what: string, issues: ClaivValidationIssue[]): ClaivError =>
  branded(["ClaivError", "ClaivValidationError"], `${what}: ${issues.map(({ path, message }) => `${path} ${message}`).join("; ")}.`, { issues });

/** What a value is, for messages. */
export const text = (thrown: unknown): string => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
