// The code blocks of a Markdown file, and what the comment before a block asks for:
//   <!-- run: node worker deno bun -->   where to run it (default: node)
//   <!-- continues -->                   it goes on from the block before it, whose code runs first
//   <!-- prints -->                      it is what the block before it prints, to the letter
//   <!-- file: path -->                  it is that file, word for word, which another suite runs
//   <!-- not run: reason -->             it cannot be run alone; the reason is shown with the results
import { Failure } from "./project.mjs";

const FENCE = /^( *)(`{3,})([\w+-]*)[^\n`]*\n([\s\S]*?)^\1\2`*[ \t]*$/gm;
const COMMENT = /<!--\s*(?:(run|not run|file):\s*([^\n]*?)|(continues|prints))\s*-->\s*$/;

export function blocksOf(text) {
  const blocks = [];
  let heading = "";
  let end = 0;
  for (const match of text.matchAll(FENCE)) {
    const [whole, indent, , language, body] = match;
    const before = text.slice(end, match.index);
    heading = before.match(/^#+ .*$/gm)?.at(-1).replace(/^#+ /, "") ?? heading;
    end = match.index + whole.length;
    const [, kind, value, word] = COMMENT.exec(before) ?? [];
    const continues = word === "continues";
    const line = text.slice(0, match.index).split("\n").length;
    const own = indent ? body.replaceAll(new RegExp(`^${indent}`, "gm"), "") : body;
    if (word && !blocks.at(-1)) throw new Failure(`line ${line}: there is no block before this one`);
    if (word === "prints") {
      blocks.at(-1).prints = own;
      continue;
    }
    blocks.push({
      name: `line ${line}, ${language || "plain"}: ${heading}`,
      language,
      code: continues ? blocks.at(-1).code + own : own,
      runtimes: kind === "run" ? value.split(/[\s,]+/) : ["node"],
      notRun: kind === "not run" ? value : undefined,
      file: kind === "file" ? value : undefined,
    });
  }
  return blocks;
}
