// Bun, as ES modules and as CommonJS.
import { join } from "node:path";

/** The command; of the build for older processors where the other one cannot run. */
export async function bun(t) {
  if (process.platform !== "linux" || process.arch !== "x64") throw new t.NotRun("the npm package of this Bun is for Linux on x86-64");
  const modules = await t.tools("tests/runtimes/bun");
  for (const build of ["bun-linux-x64", "bun-linux-x64-baseline"]) {
    const command = join(modules, "@oven", build, "bin/bun");
    if (await t.capture(command, ["--version"]).catch(() => false)) return command;
  }
  throw new t.NotRun("Bun does not start on this processor");
}

const row = (format, file) => ({
  id: `bun-${format.toLowerCase()}`,
  title: `Bun, ${format}`,
  quick: true,
  async run(t) {
    const command = await bun(t);
    const folder = t.workspace({}, { copy: ["tests/runtimes/node", "tests/runtimes/support", "tests/runtimes/bun"] });
    const env = { CONFORMANCE_URLS: JSON.stringify(t.urls) };
    const run = async (program) => t.printed(await t.capture(command, [program], { cwd: folder, env, timeout: 180_000 }));
    return { version: await t.capture(command, ["--version"]), results: [...await run(file), ...await run("served.mjs")] };
  },
});

export const rows = [row("ESM", "main.mjs"), row("CJS", "main.cjs")];
