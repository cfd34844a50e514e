// The error classes: what wasm-bindgen cannot declare. Which class, which message and which fields an error
// gets is decided in Rust (src/error); here they only become real classes.

// One registry symbol for every copy of the package on a page: `instanceof` compares brands, not identities,
// so an error made by one copy is recognised by another's class.
const BRANDS = Symbol.for("claiv-memory.errors");

export class ClaivError extends Error {
  constructor(message, fields = {}) {
    const { cause, headers, ...shown } = fields;
    super(message, "cause" in fields ? { cause } : undefined);
    Object.assign(this, shown);
    // Reachable, but not in every log line that prints an error.
    if (headers !== undefined) Object.defineProperty(this, "headers", { value: headers, configurable: true, writable: true });
  }

  // An Error's message and name are not enumerable, so JSON.stringify would drop just what matters.
  toJSON() {
    return { name: this.name, message: this.message, ...this };
  }

  static [Symbol.hasInstance](value) {
    return Object.prototype.hasOwnProperty.call(this, BRANDS)
      ? Array.isArray(value?.[BRANDS]) && value[BRANDS].includes(this[BRANDS])
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

export class ClaivApiError extends ClaivError {}
export class ClaivBadRequestError extends ClaivApiError {}
export class ClaivAuthenticationError extends ClaivApiError {}
export class ClaivPermissionError extends ClaivApiError {}
export class ClaivNotFoundError extends ClaivApiError {}
export class ClaivConflictError extends ClaivApiError {}
export class ClaivRateLimitError extends ClaivApiError {}
export class ClaivServerError extends ClaivApiError {}
export class ClaivTimeoutError extends ClaivError {}
export class ClaivNetworkError extends ClaivError {}
export class ClaivAbortError extends ClaivError {}
export class ClaivValidationError extends ClaivError {}
export class ClaivResponseError extends ClaivError {}

const classes = {
  ClaivError, ClaivApiError, ClaivBadRequestError, ClaivAuthenticationError, ClaivPermissionError, ClaivNotFoundError,
  ClaivConflictError, ClaivRateLimitError, ClaivServerError, ClaivTimeoutError, ClaivNetworkError, ClaivAbortError,
  ClaivValidationError, ClaivResponseError,
};

// Spelled out as strings because minifiers rename classes. `AbortError` is the name that the web's own code asks for.
for (const [name, Class] of Object.entries(classes)) {
  const parent = Object.getPrototypeOf(Class.prototype)[BRANDS] ?? [];
  Object.defineProperty(Class, BRANDS, { value: name });
  Object.defineProperty(Class, "name", { value: name, configurable: true });
  Object.defineProperty(Class.prototype, BRANDS, { value: [...parent, name] });
  Object.defineProperty(Class.prototype, "name", {
    value: name === "ClaivAbortError" ? "AbortError" : name, configurable: true, writable: true,
  });
}

/** Called from Rust: the error of the class `name`. */
export function createError(name, message, fields) {
  return new classes[name](message, fields);
}
