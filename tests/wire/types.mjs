// The types that the Python package exports, against the declarations of this one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import ts from "typescript";
import { VERSIONS } from "./support/python.mjs";

const DECLARATIONS = createRequire(import.meta.url).resolve("claiv-memory/package.json").replace("package.json", "dist/index.d.ts");

/** What moved from V1 to V6 under its old name carries a prefix here. */
const MOVED = ["IngestRequest", "RecallRequest", "RecallResponse", "ForgetRequest", "ContextPack"];

/** What Python requires, and the API and this client do not: V6 forgets all that a user or a project has, in no conversation. */
const OPTIONAL_HERE = { V6ForgetRequest: ["conversation_id"] };

/** Every interface with its fields, and every alias with the words and the names of its union. */
function declared() {
  const source = ts.createSourceFile("index.d.ts", readFileSync(DECLARATIONS, "utf8"), ts.ScriptTarget.Latest, true);
  const found = new Map();
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
    if (ts.isTypeAliasDeclaration(node)) found.set(node.name.text, node.type);
  });
  return found;
}

function fieldsOf(node, all) {
  if (ts.isTypeReferenceNode(node)) return fieldsOf(all.get(node.typeName.text), all);
  const inherited = (node.heritageClauses ?? []).flatMap(({ types }) => types.flatMap((one) => fieldsOf(all.get(one.expression.text), all)));
  return [...inherited, ...node.members.map((member) => ({ name: member.name.text, required: !member.questionToken }))];
}

const wordsOf = (node) => (ts.isUnionTypeNode(node) ? node.types : [node]).filter(ts.isLiteralTypeNode).map(({ literal }) => literal.text);
const byName = (fields) => fields.toSorted((one, other) => (one.name < other.name ? -1 : 1));

export function typeTests(python) {
  const { version } = python;
  let types;
  before(async () => void ({ types } = await python.ask({ op: "types" })));

  const latest = version === VERSIONS.at(-1);
  /** What the older version did not have yet may be there too, if nobody needs it. */
  const comparable = (fields, members) => byName(fields.filter(({ name, required }) => latest || required || members.some((one) => one.name === name)));

  test(`${version}: every type that Python documents is declared here, with the same fields and words`, () => {
    const all = declared();
    assert.ok(Object.keys(types).length > 30, "the types were not read");
    for (const [name, members] of Object.entries(types)) {
      const here = latest && MOVED.includes(name) ? `V6${name}` : name;
      const node = all.get(here);
      const optional = OPTIONAL_HERE[here] ?? [];
      assert.ok(node, `${name} is not declared`);
      if (typeof members[0] === "string") assert.deepEqual(wordsOf(node).filter((word) => latest || members.includes(word)).sort(), members.toSorted(), name);
      else {
        const expected = members.map((member) => (optional.includes(member.name) ? { ...member, required: false } : member));
        assert.deepEqual(comparable(fieldsOf(node, all), members), byName(expected), name);
      }
    }
  });
}
