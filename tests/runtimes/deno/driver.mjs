// Deno, with no permission but the network of this machine: no file may be read, no environment variable looked at.
import { existsSync } from "node:fs";
import { join } from "node:path";

export async function deno(t) {
  const modules = await t.tools("tests/runtimes/deno");
  const place = ["linux-x64-glibc", "linux-arm64-glibc", "darwin-arm64", "darwin-x64"].map((platform) => join(modules, "@deno", platform, "deno")).find(existsSync);
  if (!place) throw new t.NotRun("there is no npm package of Deno for this platform");
  return place;
}

export const environment = (folder) => ({ DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1", DENO_NO_PROMPT: "1" });

const row = (id, how, file, config) => ({
  id: `deno-${id}`,
  title: `Deno, ${how}`,
  quick: true,
  async run(t) {
    const command = await deno(t);
    const folder = t.workspace({ "deno.json": config }, { copy: ["tests/runtimes/deno", "tests/runtimes/support"] });
    const [version] = (await t.capture(command, ["--version"])).split("\n");
    const args = ["run", "--no-prompt", "--no-remote", "--allow-net=127.0.0.1", file, JSON.stringify(t.urls)];
    return { version: version.split(" ")[1], results: t.printed(await t.capture(command, args, { cwd: folder, env: environment(folder), timeout: 180_000 })) };
  },
});

export const rows = [
  row("npm", "npm: specifier", "npm.ts", { nodeModulesDir: "manual" }),
  row("import-map", "import map", "mapped.ts", {
    imports: {
      "claiv-memory": "./node_modules/claiv-memory/dist/index.js",
      "claiv-memory/v6": "./node_modules/claiv-memory/dist/v6.js",
      "claiv-memory/emulator": "./node_modules/claiv-memory/dist/emulator.js",
    },
  }),
];
