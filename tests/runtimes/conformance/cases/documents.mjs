// Documents, collections, content that is a Blob or a stream, and lists as async iterators.
import { equal, ok, rejection, same } from "../context.mjs";

const TEXT = "# Noten\n\n„Ключ“ 😀 \u0000\n\n## Costs\n\nThey fell.";
const MOST = 5 * 1024 * 1024;

/** What an id can have that a path cannot. */
const odd = (t, name) => `${name}/../ü?#%2F ${t.id}`;
const document = (t, more = {}) => ({ user_id: t.user, project_id: "p", document_name: "Notes", content: TEXT, ...more });
const collection = (t, more = {}) => ({ user_id: t.user, project_id: "p", name: "Books", ...more });
const ids = (documents) => documents.map(({ document_id }) => document_id);

async function upload(t, claiv, ...names) {
  for (const name of names) await claiv.uploadDocument(document(t, { document_id: odd(t, name) }));
}

/** The forms that content can have, as far as this host knows them. */
function forms() {
  const bytes = new TextEncoder().encode(TEXT);
  const made = { string: TEXT };
  if (typeof Blob === "function" && Blob.prototype.stream) made.Blob = new Blob([bytes.slice(0, 20), bytes.slice(20)]);
  if (typeof File === "function" && File.prototype.stream) made.File = new File([bytes], "notes.md");
  if (typeof ReadableStream === "function") {
    made["stream of bytes"] = streamed(Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.slice(at * 7, at * 7 + 7)));
    made["stream of strings"] = streamed([TEXT.slice(0, 9), TEXT.slice(9)]);
  }
  return made;
}

const streamed = (chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

async function all(iterator) {
  const items = [];
  for await (const item of iterator) items.push(item);
  return items;
}

/** Lazily, page after page; an abort ends it before the next item. */
async function iterated(t, list, expected, name) {
  same((await all(list())).map((item) => item[name]), expected);
  const controller = new AbortController();
  const iterator = list({ signal: controller.signal });
  equal((await iterator.next()).value[name], expected[0]);
  controller.abort();
  await rejection(iterator.next(), t.names.ClaivAbortError);
  equal((await iterator.next()).done, true);
}

export const documents = {
  async uploadDocument(t, claiv) {
    for (const [form, content] of Object.entries(forms())) {
      const document_id = odd(t, form);
      const made = await claiv.uploadDocument(document(t, { content, document_id }));
      same([made.document_id, made.status, made.sections.map(({ title }) => title)], [document_id, "processing", ["Noten", "Costs"]], form);
      const { answer_facts: [fact] } = await claiv.recallV6({ user_id: t.user, query: "Ключ", conversation_id: "c", document_id });
      same([fact.object_text, fact.document_name], ["# Noten\n\n„Ключ“ 😀 \u0000", "Notes"], form);
    }
  },

  async listDocuments(t, claiv) {
    await upload(t, claiv, "a", "b", "c");
    const page = await claiv.listDocuments({ user_id: t.user, project_id: "p", limit: 2, offset: 1 });
    same([ids(page.documents), page.total, page.limit, page.offset], [[odd(t, "b"), odd(t, "a")], 3, 2, 1]);
    equal(page.documents[0].byte_size, new TextEncoder().encode(TEXT).length);
  },

  async deleteDocument(t, claiv) {
    await upload(t, claiv, "a");
    await claiv.deleteDocument(odd(t, "a"));
    equal((await claiv.listDocuments({ user_id: t.user })).total, 0);
    await rejection(claiv.deleteDocument(odd(t, "a")), t.names.ClaivNotFoundError);
  },

  async createCollection(t, claiv) {
    const { collection: made } = await claiv.createCollection(collection(t, { ordered: true }));
    same([made.name, made.ordered, made.document_count, typeof made.collection_id], ["Books", true, 0, "string"]);
  },

  async listCollections(t, claiv) {
    for (const name of ["a", "b"]) await claiv.createCollection(collection(t, { name }));
    same((await claiv.listCollections({ user_id: t.user, limit: 1, offset: 1 })).collections.map(({ name }) => name), ["a"]);
  },

  async getCollection(t, claiv) {
    const collection_id = odd(t, "k");
    await claiv.createCollection(collection(t, { collection_id }));
    await claiv.uploadDocument(document(t, { document_id: odd(t, "a"), collection_id }));
    const got = await claiv.getCollection(collection_id, t.user);
    same([got.collection.document_count, ids(got.documents)], [1, [odd(t, "a")]]);
    await rejection(claiv.getCollection(collection_id, "another&user"), t.names.ClaivNotFoundError);
  },

  async deleteCollection(t, claiv) {
    const collection_id = odd(t, "k");
    await claiv.createCollection(collection(t, { collection_id }));
    await claiv.deleteCollection(collection_id, t.user);
    await rejection(claiv.getCollection(collection_id, t.user), t.names.ClaivNotFoundError);
  },

  async addDocumentToCollection(t, claiv) {
    const collection_id = odd(t, "k");
    await claiv.createCollection(collection(t, { collection_id, ordered: true }));
    await upload(t, claiv, "a", "b");
    for (const name of ["a", "b"]) await claiv.addDocumentToCollection(collection_id, { user_id: t.user, document_id: odd(t, name), position: 0 });
    same(ids((await claiv.getCollection(collection_id, t.user)).documents), [odd(t, "b"), odd(t, "a")]);
  },

  async removeDocumentFromCollection(t, claiv) {
    const collection_id = odd(t, "k");
    await claiv.createCollection(collection(t, { collection_id }));
    await claiv.uploadDocument(document(t, { document_id: odd(t, "a"), collection_id }));
    await claiv.removeDocumentFromCollection(collection_id, odd(t, "a"));
    equal((await claiv.getCollection(collection_id, t.user)).collection.document_count, 0);
    equal((await claiv.listDocuments({ user_id: t.user })).total, 1);
  },

  async documents(t, claiv) {
    await upload(t, claiv, "a", "b", "c");
    await iterated(t, (options) => claiv.documents({ user_id: t.user, limit: 2 }, options), ["c", "b", "a"].map((name) => odd(t, name)), "document_id");
  },

  async collections(t, claiv) {
    for (const name of ["a", "b", "c"]) await claiv.createCollection(collection(t, { name }));
    await iterated(t, (options) => claiv.collections({ user_id: t.user, limit: 2 }, options), ["c", "b", "a"], "name");
  },

  async deletionReceipts(t, claiv) {
    const made = [];
    for (let i = 0; i < 3; i++) made.unshift((await claiv.forget({ user_id: t.user })).receipt_id);
    await iterated(t, (options) => claiv.deletionReceipts({ user_id: t.user, limit: 2 }, options), made, "receipt_id");
  },
};

/** Content that is refused, or never ends, before anything is sent. */
export const contents = {
  async "content of more than 5 MB is refused, and a stream of it is let go"(t) {
    const claiv = t.make({ fetch: () => { throw new Error("it was sent"); } });
    const refused = async (content) => {
      const { issues } = await rejection(claiv.uploadDocument(document(t, { content })), t.names.ClaivValidationError);
      same(issues.map(({ path }) => path), ["content"]);
      ok(issues[0].message.includes("5 MB"), issues[0].message);
    };
    await refused("x".repeat(MOST + 1));
    if (typeof ReadableStream !== "function") return;
    let cancelled = false;
    const chunk = new Uint8Array(1 << 20).fill(0x61);
    await refused(new ReadableStream({ pull: (controller) => controller.enqueue(chunk), cancel() { cancelled = true; } }));
    ok(cancelled, "the stream was not cancelled");
  },

  async "content that does not come is given up, by abort and by time"(t) {
    if (typeof ReadableStream !== "function") t.skip("this host has no ReadableStream");
    const controller = new AbortController();
    const send = (options) => t.make({ fetch: () => { throw new Error("it was sent"); } }).uploadDocument(document(t, { content: new ReadableStream({}) }), options);
    const pending = rejection(send({ signal: controller.signal }), t.names.ClaivAbortError);
    controller.abort();
    await pending;
    await rejection(send({ timeout: 50 }), t.names.ClaivTimeoutError);
  },
};
