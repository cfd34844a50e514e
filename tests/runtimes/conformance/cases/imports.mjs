// Importing costs nothing but the memory of the module.
import { equal, group, ok, same, thrown } from "../context.mjs";

export const CLASSES = [
  "ClaivAbortError", "ClaivApiError", "ClaivAuthenticationError", "ClaivBadRequestError", "ClaivClient", "ClaivConflictError", "ClaivError",
  "ClaivNetworkError", "ClaivNotFoundError", "ClaivPermissionError", "ClaivRateLimitError", "ClaivResponseError", "ClaivServerError",
  "ClaivTimeoutError", "ClaivValidationError",
];

/** What a module exports, sorted. Some bridges between module formats add names of their own. */
export const exportedNames = (module) => Object.keys(module).filter((name) => !["default", "module.exports", "__esModule"].includes(name)).sort();

export const imports = group("import", {
  "the package exports its classes, and nothing else"(t) {
    same(exportedNames(t.names), CLASSES);
    for (const name of CLASSES) equal(t.names[name].name, name);
  },

  "the emulator's entry exports the emulator"(t) {
    t.need("emulator");
    ok(Object.keys(t.host.emulator).includes("ClaivEmulator"));
    equal(typeof new t.host.emulator.ClaivEmulator().fetch, "function");
  },

  "globalThis is as it was"(t) {
    if (!t.host.changes) t.skip(t.host.without?.watch ?? "the driver does not watch the import");
    const foreign = (names) => names.filter((name) => !t.host.ownGlobals?.includes(name));
    const { added, removed, changed } = t.host.changes;
    same([added, removed, changed].map(foreign), [[], [], []], "added, removed, changed");
  },

  "no timer, no randomness, no request, no environment variable"(t) {
    if (!t.host.changes) t.skip(t.host.without?.watch ?? "the driver does not watch the import");
    same(t.host.changes.called, []);
  },

  "a client can be made at once, without a promise or an init()"(t) {
    ok(t.make() instanceof t.names.ClaivClient);
    thrown(() => new t.names.ClaivClient({}), t.names.ClaivValidationError);
  },
});
