// The public surface of a package as text: what each entry exports, without comments, sorted by name.
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { Failure } from "../lib/project.mjs";

// Declarations are printed as they are written, so what Promise and the like are need not be known.
const OPTIONS = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ESNext, noLib: true, types: [] };
const printer = ts.createPrinter({ removeComments: true });

/** The declaration files of each entry, as `exports` names them: Map of "." to a set of paths. */
export function declarationFiles(manifest) {
  const found = new Map();
  const collect = (subpath, value) => {
    if (typeof value === "string") {
      if (/\.d\.[cm]?ts$/.test(value)) found.set(subpath, (found.get(subpath) ?? new Set()).add(value));
    } else for (const inner of Object.values(value ?? {})) collect(subpath, inner);
  };
  for (const [subpath, value] of Object.entries(manifest.exports ?? {})) collect(subpath, value);
  return found;
}

/** A declaration as one entry of the report: a variable with the whole statement that declares it. */
const statementOf = (node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node);

function print(node) {
  return printer.printNode(ts.EmitHint.Unspecified, statementOf(node), node.getSourceFile()).replace(/^export (default )?(declare )?/, "").replace(/^declare /, "");
}

const text = (symbol) => [...new Set(symbol.declarations.map(print))].join("\n");

/** The exports of one declaration file, and the types of the package that they use without exporting them. */
function surfaceOf(folder, file) {
  const path = resolve(folder, file);
  const program = ts.createProgram([path], OPTIONS);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  if (!source) throw new Failure(`package.json names ${file}, which is not there`);
  const module = checker.getSymbolAtLocation(source);
  if (!module) throw new Failure(`${file} exports nothing`);
  const target = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const ours = (symbol) => symbol.declarations?.some((one) => !relative(resolve(folder), one.getSourceFile().fileName).startsWith(".."));

  const lines = new Map();
  const seen = new Set();
  const queue = [];
  for (const symbol of checker.getExportsOfModule(module)) {
    const real = target(symbol);
    const own = ours(real);
    const renamed = own && symbol.name !== real.name ? `${symbol.name} = ` : "";
    lines.set(symbol.name, own ? renamed + text(real) : `${symbol.name}: from outside the package`);
    seen.add(real);
    if (own) queue.push(real);
  }
  const inner = new Map();
  while (queue.length > 0) {
    const visit = (node) => {
      const named = ts.isIdentifier(node) && checker.getSymbolAtLocation(node);
      const real = named && target(named);
      if (real && !seen.has(real) && ours(real) && real.declarations.some((one) => ts.isSourceFile(statementOf(one).parent))) {
        seen.add(real);
        inner.set(real.name, text(real));
        queue.push(real);
      }
      ts.forEachChild(node, visit);
    };
    for (const declaration of queue.shift().declarations) visit(declaration);
  }
  // `declare global` is part of the surface, too, although it is not exported.
  const globals = source.statements.filter((one) => ts.isModuleDeclaration(one) && one.flags & ts.NodeFlags.GlobalAugmentation).map(print);
  return { exported: sorted(lines), inner: sorted(inner), globals };
}

const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
const block = (title, parts) => (parts.length > 0 ? `## ${title}\n\n\`\`\`ts\n${parts.join("\n\n")}\n\`\`\`\n` : "");

/** One entry's report. All its declaration files must say the same. */
function entryReport(folder, name, files) {
  const [first, ...others] = [...files].map((file) => {
    const { exported, inner, globals } = surfaceOf(folder, file);
    return { file, body: [block("Exports", exported), block("Named by them, not exported", inner), block("Added to the globals", globals)].filter(Boolean).join("\n") };
  });
  const odd = others.find(({ body }) => body !== first.body);
  if (odd) throw new Failure(`${name}: ${first.file} and ${odd.file} do not declare the same`);
  return first.body;
}

const NOTE = "<!-- Made by `make api-report`. A change here is a change of the public surface, and needs a changeset. -->\n";

/** The reports of a built package: Map of a file's name to its text. */
export function reports(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const made = new Map();
  const bodies = new Map();
  for (const [subpath, files] of declarationFiles(manifest)) {
    const name = subpath === "." ? manifest.name : `${manifest.name}/${subpath.slice(2)}`;
    const body = entryReport(folder, name, files);
    const same = bodies.get(body);
    bodies.set(body, same ?? name);
    made.set(`${subpath === "." ? "index" : subpath.slice(2).replaceAll("/", "-")}.md`, `# ${name}\n\n${NOTE}\n${same ? `The same as \`${same}\`.\n` : body}`);
  }
  const { name, type, engines, bin, main, module, types, browser, unpkg, jsdelivr, sideEffects, peerDependencies, peerDependenciesMeta, dependencies, exports } = manifest;
  const surface = { name, type, engines, bin, main, module, types, browser, unpkg, jsdelivr, sideEffects, dependencies, peerDependencies, peerDependenciesMeta, exports };
  made.set("package.md", `# package.json\n\n${NOTE}\n\`\`\`json\n${JSON.stringify(surface, null, 2)}\n\`\`\`\n`);
  return made;
}
