// Lists as async iterators: page after page, no earlier than needed.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivAbortError, ClaivNotFoundError, ClaivResponseError, ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { errorBody, serve } from "../support/server.mjs";

const LISTS = {
  documents: { list: "listDocuments", items: "documents", path: "/v6/documents", limit: 20, total: true },
  collections: { list: "listCollections", items: "collections", path: "/v6/collections", limit: 100, total: false },
  deletionReceipts: { list: "listDeletionReceipts", items: "receipts", path: "/v1/deletion-receipts", limit: 20, total: true },
};

/** A service with `count` items, of which a page holds `most` at the most. */
function service(t, { items, total }, count, most = Infinity) {
  return serve(t, ({ url }) => {
    const query = new URL(url, "http://x").searchParams;
    const [limit, offset] = ["limit", "offset"].map((name) => Number(query.get(name)));
    const all = Array.from({ length: count }, (_, number) => ({ number }));
    return { body: { [items]: all.slice(offset, offset + Math.min(limit, most)), ...(total && { total: count, limit, offset }) } };
  });
}

async function all(iterator, most = 1000) {
  const seen = [];
  for await (const item of iterator) {
    seen.push(item.number);
    if (seen.length >= most) break;
  }
  return seen;
}
const offsets = (server) => server.requests.map(({ url }) => Number(new URL(url, "http://x").searchParams.get("offset")));
const upTo = (count, from = 0) => Array.from({ length: count - from }, (_, i) => from + i);

for (const [name, list] of Object.entries(LISTS)) {
  const first = { user_id: "u", limit: 3 };

  test(`${name} gives all of them, in order`, async (t) => {
    for (const count of [0, 1, 3, 4, 7]) {
      const server = await service(t, list, count);
      assert.deepEqual(await all(connect(server)[name](first)), upTo(count));
      assert.ok(server.requests.every(({ url }) => url.startsWith(`${list.path}?`) && url.includes("user_id=u") && url.includes("limit=3")));
      const pages = Math.max(1, Math.ceil(count / 3));
      assert.equal(server.requests.length, list.total || count === 0 ? pages : pages + 1, "no page too many where the total is told");
    }
  });

  test(`${name} goes on where a page is shorter than asked for, and from where it is told to begin`, async (t) => {
    const server = await service(t, list, 9, 2);
    assert.deepEqual(await all(connect(server)[name]({ ...first, offset: 4 })), upTo(9, 4));
    assert.deepEqual(offsets(server).slice(0, 3), [4, 6, 8]);
  });

  test(`${name} asks for nothing before the first item, for no page before its own, and for none after a break`, async (t) => {
    const server = await service(t, list, 9);
    const iterator = connect(server)[name](first);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(server.requests.length, 0);
    assert.deepEqual(await iterator.next(), { value: { number: 0 }, done: false });
    await iterator.next();
    await iterator.next();
    assert.deepEqual(offsets(server), [0]);
    assert.equal((await iterator.next()).value.number, 3);
    assert.deepEqual(offsets(server), [0, 3]);
    assert.deepEqual(await iterator.return(), { value: undefined, done: true });
    assert.deepEqual(await all(connect(server)[name](first), 4), upTo(4));
    assert.deepEqual(offsets(server), [0, 3, 0, 3]);
  });

  test(`${name} ends with a ClaivAbortError before the next item, and sends nothing more`, async (t) => {
    const server = await service(t, list, 9);
    const controller = new AbortController();
    const iterator = connect(server)[name](first, { signal: controller.signal });
    await iterator.next();
    controller.abort(new Error("enough"));
    const error = await rejection(iterator.next(), ClaivAbortError);
    assert.equal(error.cause.message, "enough");
    assert.deepEqual(await iterator.next(), { value: undefined, done: true });
    assert.equal(server.requests.length, 1);
  });

  test(`${name} keeps the request and the options as they were`, async (t) => {
    const server = await service(t, list, 5);
    const [request, options] = [{ ...first }, { headers: { "x-a": "1" } }];
    const iterator = connect(server)[name](request, options);
    await iterator.next();
    request.limit = 1;
    request.user_id = "other";
    delete options.headers;
    assert.deepEqual(await all(iterator), upTo(5, 1));
    assert.deepEqual(server.requests.map(({ url, headers }) => [url.includes("user_id=u"), url.includes("limit=3"), headers["x-a"]]), [
      [true, true, "1"], [true, true, "1"], ...(list.total ? [] : [[true, true, "1"]]),
    ]);
  });

  test(`${name} rejects as ${list.list} does`, async (t) => {
    const refusing = await serve(t, () => ({ status: 404, body: errorBody("not_found", "m") }));
    await rejection(connect(refusing)[name](first).next(), ClaivNotFoundError);
    const client = connect(await serve(t));
    for (const request of [null, "x", 5, [first]]) {
      assert.deepEqual(paths(await rejection(client[name](request).next(), ClaivValidationError)), ["request"]);
    }
    assert.deepEqual(paths(await rejection(client[name]({ ...first, limit: 0 }).next(), ClaivValidationError)), ["limit"]);
    const trap = { get user_id() { throw new Error("trap"); } };
    assert.deepEqual(paths(await rejection(client[name](trap).next(), ClaivValidationError)), ["user_id"]);
    assert.deepEqual(paths(await rejection(client[name](first, { retries: 1 }).next(), ClaivValidationError)), ["options.retries"]);
    await rejection(client[name](first).next(), ClaivResponseError);
  });
}
