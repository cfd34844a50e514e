import { at } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";
import { tarball } from "./pack.mjs";

export const publish = {
  name: "publish",
  what: "publint and attw find nothing wrong with the tarball",
  needs: ["build", "pack"],
  async run(report) {
    const tool = (file, args) => capture(process.execPath, [at("node_modules", file), ...args], { what: file });
    await report.check("publint", () => tool("publint/src/cli.js", [tarball(), "--strict"]));
    await report.check("attw", () => tool("@arethetypeswrong/cli/dist/index.js", [tarball(), "--no-definitely-typed", "--no-color", "--no-emoji"]));
  },
};
