import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["pkg/", "target/", ".build/", ".tools/", "**/node_modules/", "**/.wrangler/", "**/.next/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { ecmaVersion: "latest", sourceType: "module", globals: { ...globals.nodeBuiltin } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
    },
  },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs", globals: { ...globals.node } } },
  // Programs for many hosts, and syntax that not all of them have.
  {
    files: ["tests/runtimes/**", "tests/bundlers/**", "examples/**"],
    languageOptions: { ecmaVersion: 2026, globals: { ...globals.browser, ...globals.serviceworker, Deno: "readonly", Bun: "readonly" } },
    rules: { "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }] },
  },
  { files: ["pkg-template/inspector/**"], languageOptions: { globals: { ...globals.browser } } },
  // What is shipped must get by with what every runtime has.
  {
    files: ["pkg-template/client/**", "pkg-template/emulator/**", "pkg-template/entries/**", "pkg-template/runtime/**"],
    languageOptions: { ecmaVersion: 2020, globals: { ...globals["shared-node-browser"], CLAIV_KNOWS_CACHE: "readonly" } },
  },
];
