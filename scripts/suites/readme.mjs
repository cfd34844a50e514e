import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { docsPages } from "../lib/docs-pages.mjs";
import { inParallel } from "../lib/parallel.mjs";
import { Failure, at } from "../lib/project.mjs";
import { blocksOf } from "../lib/readme-blocks.mjs";
import { CHECKS } from "../lib/readme-run.mjs";

/** Blocks of these show output or layout. */
const PROSE = ["", "text", "txt", "console", "diff", "mermaid"];
const COMMANDS = ["sh", "bash"];

export const readme = {
  name: "readme",
  what: "every code block of README.md, and of the pages of docs/ that the package carries, does what it says, with the installed package",
  needs: ["build", "pack"],
  async run(report) {
    if (!existsSync(at("README.md"))) throw new Failure("there is no README.md");
    const all = at(".build/readme");
    rmSync(all, { recursive: true, force: true });
    const programs = ["README.md", ...docsPages()].flatMap((page) => checkPage(report, page, `${all}/${page.replaceAll(/\W+/g, "-")}`));
    // Commands by themselves, since they start servers at ports of their own choice.
    for (const { block, work } of programs) if (COMMANDS.includes(block.language)) await work();
    await inParallel(programs.filter(({ block }) => !COMMANDS.includes(block.language)), 2, ({ work }) => work());
  },
};

/** Checks what needs no program to run, and gives the blocks that do, each with the `work` of checking it. */
function checkPage(report, page, folder) {
  const programs = [];
  for (const [index, block] of blocksOf(readFileSync(at(page), "utf8")).entries()) {
    const { language, notRun, file, runtimes } = block;
    const name = `${page}, ${block.name}`;
    if (notRun !== undefined) report.skip(name, notRun);
    else if (file !== undefined) checkFile(report, `${name} is ${file}`, block);
    else if (!PROSE.includes(language)) programs.push({ block, work: () => checkBlock(report, block, { name, runtimes, folder: `${folder}/${index + 1}` }) });
  }
  return programs;
}

function checkFile(report, name, { code, file }) {
  if (!existsSync(at(file))) report.fail(name, `there is no ${file}`);
  else if (readFileSync(at(file), "utf8") !== code) report.fail(name, `${file} reads otherwise: make them the same`);
  else report.pass(name);
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
