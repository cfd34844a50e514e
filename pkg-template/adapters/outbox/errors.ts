// Errors of the outbox. An adapter imports no code of the client, so it cannot make one of the client's own errors; it gives its
// errors the mark by which the classes of the client know theirs, of whatever copy of the package (docs/decisions/0042-outbox-errors.md).
import type { ClaivError, ClaivValidationIssue } from "claiv-memory";

/** The same symbol as in pkg-template/client/error-brand.js. */
const BRANDS = Symbol.for("claiv-memory.errors");

/** An error that is `instanceof` the classes of the client that `names` lists, the most general first. */
function branded(names: readonly string[], message: string, { cause, ...fields }: { cause?: unknown; issues?: ClaivValidationIssue[] }): ClaivError {
  const name = names.at(-1);
  const error = Object.assign(new Error(message, cause === undefined ? cause : { cause }), fields);
  for (const [key, value] of [[BRANDS, names], ["name", name], ["toJSON", () => ({ name, message, ...fields })]] as const) {
    Object.defineProperty(error, key, { value });
  }
  return error as unknown as ClaivError;
}

/** A ClaivError of no class in particular. `fields` become its own; none of them is ever the API key. */
export const failure = (message: string, fields: object = {}): ClaivError => branded(["ClaivError"], message, fields);

/** A ClaivValidationError that names each fault. */
export const invalid = (what: string, issues: ClaivValidationIssue[]): ClaivError =>
  branded(["ClaivError", "ClaivValidationError"], `${what}: ${issues.map(({ path, message }) => `${path} ${message}`).join("; ")}.`, { issues });
