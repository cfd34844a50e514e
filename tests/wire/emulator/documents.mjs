// Documents and collections. Each test has a user and a project of its own.
import assert from "node:assert/strict";

const CONTENT = "# Umsätze\n\nRevenue grew to nine millions.\n\n## Costs 😀\n\nThey fell.";

export function documentTests(kit) {
  const upload = (document) => kit.result("upload_document", [{ content: CONTENT, document_name: "Report", ...document }]);
  const ids = ({ documents }) => documents.map(({ document_id }) => document_id);

  kit.test("documents are uploaded, recalled from, listed, replaced and deleted", async () => {
    const user_id = "of-documents";
    const project_id = "p ü/1";
    const made = await upload({ user_id, project_id });
    assert.deepEqual([made.sections.map(({ title }) => title), made.spans_created, made.collection_id], [["Umsätze", "Costs 😀"], 2, null]);
    await upload({ user_id, project_id, document_id: "own id ü" });
    await upload({ user_id, project_id: "another" });

    const ask = { user_id, query: "How did revenue grow?", conversation_id: "c", document_id: made.document_id };
    const pack = await kit.result("recall", [ask]);
    assert.deepEqual(pack.answer_facts.map((fact) => [fact.document_id, fact.document_name]), [[made.document_id, "Report"]]);
    assert.ok(pack.llm_context.text.includes("Report"));

    const list = (more) => kit.result("list_documents", [], { user_id, ...more });
    const all = await list();
    assert.deepEqual([all.total, all.limit, all.offset, all.documents.length], [3, 20, 0, 3]);
    assert.equal(all.documents[2].byte_size, Buffer.byteLength(CONTENT));
    assert.deepEqual(ids(await list({ project_id, limit: 1, offset: 1 })), [made.document_id]);
    assert.equal((await list({ project_id: null, collection_id: null })).total, 3);

    await upload({ user_id, project_id, document_id: made.document_id, content: "Replaced." });
    assert.equal((await list()).total, 3);
    await kit.result("delete_document", ["own id ü"]);
    await kit.refused(404, "not_found", "delete_document", ["own id ü"]);
    assert.equal((await list()).total, 2);
  });

  kit.test("a document may be of 5 MB, and of no more", async () => {
    const document = { user_id: "of-much", project_id: "p", document_name: "Much" };
    const most = 5 * 1024 * 1024;
    await kit.result("upload_document", [{ ...document, content: "ä".repeat(most / 2) }]);
    await kit.refused(413, "payload_too_large", "upload_document", [{ ...document, content: `${"ä".repeat(most / 2)}.` }]);
  });

  kit.test("collections are made, filled, ordered, listed, emptied and deleted", async () => {
    const of = { user_id: "of collections/ü", project_id: "p" };
    const whose = { user_id: of.user_id };
    const { collection } = await kit.result("create_collection", [{ ...of, name: "Reports", ordered: true }]);
    const { collection_id } = collection;
    const own = { ...of, name: "Plain", collection_id: "own id ü" };
    assert.equal((await kit.result("create_collection", [own])).collection.ordered, false);

    await upload({ ...of, document_id: "a", collection_id });
    for (const document_id of ["b", "c"]) await upload({ ...of, document_id });
    await kit.result("add_document_to_collection", [collection_id, { ...whose, document_id: "b", position: 0 }]);
    await kit.result("add_document_to_collection", [collection_id, { ...whose, document_id: "c" }]);
    const got = await kit.result("get_collection", [collection_id], whose);
    assert.deepEqual(got.documents.map(({ document_id, position }) => [document_id, position]), [["b", 0], ["a", 1], ["c", 2]]);
    assert.equal(got.collection.document_count, 3);
    assert.deepEqual(ids(await kit.result("list_documents", [], { ...whose, collection_id })).sort(), ["a", "b", "c"]);

    const list = (more) => kit.result("list_collections", [], { ...whose, ...more });
    assert.equal((await list()).collections.length, 2);
    assert.equal((await list({ project_id: "p", limit: 1, offset: 1 })).collections.length, 1);
    assert.deepEqual((await list({ project_id: "another" })).collections, []);

    await kit.result("remove_document_from_collection", [collection_id, "b"]);
    assert.equal((await kit.result("get_collection", [collection_id], whose)).collection.document_count, 2);
    await kit.result("delete_collection", [collection_id], whose);
    await kit.refused(404, "not_found", "get_collection", [collection_id], whose);
    assert.equal((await kit.result("list_documents", [], whose)).total, 3);
  });
}
