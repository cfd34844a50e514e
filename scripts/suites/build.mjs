import { at } from "../lib/project.mjs";
import { run } from "../lib/run.mjs";

export const build = {
  name: "build",
  what: "the package can be made",
  run: (report) => report.check("pkg/ is made", () => run(process.execPath, [at("scripts/build.mjs")], { what: "the build" })),
};
