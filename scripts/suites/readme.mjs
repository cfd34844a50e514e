import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Failure, at } from "../lib/project.mjs";
import { blocksOf } from "../lib/readme-blocks.mjs";
import { CHECKS } from "../lib/readme-run.mjs";

/** Blocks of these show output or layout. */
const PROSE = ["", "text", "txt", "console", "diff", "mermaid"];

export const readme = {
  name: "readme",
  what: "every code block of README.md and docs/outbox.md does what it says, with the installed package",
  needs: ["build", "pack"],
  async run(report) {
    if (!existsSync(at("README.md"))) throw new Failure("there is no README.md");
    const all = at(".build/readme");
    rmSync(all, { recursive: true, force: true });
    // Those of further pages have the page's name before theirs.
    const pages = [["README.md", ""], ["docs/outbox.md", "docs/outbox.md, "]];
    const blocks = pages.flatMap(([page, prefix]) => blocksOf(readFileSync(at(page), "utf8")).map((block) => ({ ...block, name: prefix + block.name })));
    for (const [index, block] of blocks.entries()) {
      const { name, language, notRun, file, runtimes } = block;
      if (notRun !== undefined) report.skip(name, notRun);
      else if (file !== undefined) await report.check(`${name} is ${file}`, () => isFile(block));
      else if (!PROSE.includes(language)) await checkBlock(report, block, { name, runtimes, folder: `${all}/${index + 1}` });
    }
  },
};

function isFile({ code, file }) {
  if (!existsSync(at(file))) throw new Failure(`there is no ${file}`);
  if (readFileSync(at(file), "utf8") !== code) throw new Failure(`${file} reads otherwise: make them the same`);
}

async function checkBlock(report, block, { name, runtimes, folder }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, JSON.stringify({ private: true, type: "module" }));
  symlinkSync(at("tests/node_modules"), `${folder}/node_modules`);
  const skip = (runtime, reason) => report.skip(`${name} in ${runtime}`, reason);
  try {
    if (!CHECKS[block.language]) throw new Failure(`nothing here knows how to check ${block.language}`);
    if (await CHECKS[block.language](block, { folder, runtimes, skip })) report.pass(name);
  } catch (error) {
    report.fail(name, error instanceof Failure ? error.message : error.stack);
  }
}
