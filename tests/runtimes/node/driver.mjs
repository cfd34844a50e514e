// Node, as ES modules and as CommonJS.
const VERSIONS = [18, 20, 22, 24, 26];

const row = (major, format, file) => ({
  id: `node-${major}-${format.toLowerCase()}`,
  title: `Node ${major}, ${format}`,
  // Each version once, in turns.
  quick: (format === "CJS") === [20, 24].includes(major),
  async run(t) {
    if (process.platform !== "linux" || process.arch !== "x64") throw new t.NotRun("the npm package of this Node is for Linux on x86-64");
    const node = await t.node(major);
    const folder = t.workspace({}, { copy: ["tests/runtimes/node", "tests/runtimes/support"] });
    const version = await t.capture(node, ["--version"]);
    const env = { CONFORMANCE_URLS: JSON.stringify(t.urls) };
    return { version, results: t.printed(await t.capture(node, [file], { cwd: folder, env, timeout: 180_000 })) };
  },
});

export const rows = VERSIONS.flatMap((major) => [row(major, "ESM", "main.mjs"), row(major, "CJS", "main.cjs")]);
