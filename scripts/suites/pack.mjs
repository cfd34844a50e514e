import { existsSync, readdirSync, rmSync } from "node:fs";
import { Failure, at } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";

/** The tarball made last. */
export function tarball() {
  const name = existsSync(at(".build")) && readdirSync(at(".build")).find((file) => file.endsWith(".tgz"));
  if (!name) throw new Failure("there is no tarball: run the suite pack");
  return at(".build", name);
}

export const pack = {
  name: "pack",
  what: "the package is packed and installed from its tarball, for every test that imports claiv-memory",
  needs: ["build"],
  async run(report) {
    for (const file of readdirSync(at(".build"))) if (file.endsWith(".tgz")) rmSync(at(".build", file));
    await report.check("npm pack", () => capture("npm", ["pack", at("pkg"), "--pack-destination", at(".build")], { what: "npm pack" }));
    // npm leaves an installed package of the same version as it is.
    rmSync(at("tests/node_modules"), { recursive: true, force: true });
    await report.check("npm install of the tarball", async () => {
      await capture("npm", ["install", "--prefix", at("tests"), "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--offline", tarball()],
        { cwd: at("tests"), what: "npm install" });
      if (!existsSync(at("tests/node_modules/claiv-memory/package.json"))) throw new Failure("the package is not where it was installed");
    });
  },
};
