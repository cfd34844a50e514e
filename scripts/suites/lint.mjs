import { readdirSync } from "node:fs";
import { at, tools } from "../lib/project.mjs";
import { capture, start } from "../lib/run.mjs";

const shellScripts = () => [
  ".ci/run",
  ...readdirSync(at("scripts"), { recursive: true }).filter((name) => name.endsWith(".sh")).map((name) => `scripts/${name}`),
];

export const lint = {
  name: "lint",
  what: "rustfmt, clippy, eslint and the syntax of the shell scripts",
  async run(report) {
    const { CLAIV_CARGO } = tools();
    const cargo = async (command, args) => {
      // A toolchain without the component says so for --version too.
      if ((await start(CLAIV_CARGO, [command, "--version"], { onLine() {} })) !== 0) report.skip(command, "this toolchain has none");
      else await report.check(command, () => capture(CLAIV_CARGO, [command, ...args]));
    };
    await cargo("fmt", ["--all", "--check"]);
    await cargo("clippy", ["--workspace", "--all-targets", "--all-features", "--quiet", "--", "-D", "warnings"]);
    await report.check("eslint", () => capture(process.execPath, [at("node_modules/eslint/bin/eslint.js"), "."], { what: "eslint" }));
    await report.check("bash -n", () => Promise.all(shellScripts().map((file) => capture("bash", ["-n", file]))));
  },
};
