// check: what a method would refuse, without the call.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { connect, paths, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const REQUESTS = {
  ingestV1: { user_id: "u", type: "message", content: "x", thread_id: "t" },
  ingestV3: { user_id: "u", type: "message", content: "x" },
  ingestV6: { user_id: "u", type: "message", content: "x", conversation_id: "c" },
  forgetV1: { user_id: "u", thread_id: "t" },
  forgetV6: { user_id: "u", conversation_id: "c" },
};

for (const [method, request] of Object.entries(REQUESTS)) {
  test(`check("${method}") takes what ${method} takes and refuses what it refuses, and sends nothing`, async (t) => {
    const server = await serve(t);
    const claiv = connect(server);
    assert.equal(claiv.check(method, request), undefined);
    for (const bad of [{ ...request, user_id: "" }, { ...request, rol: "user" }, undefined, [], { ...request, from_time: "soon", metadata: 1n }]) {
      const error = thrown(() => claiv.check(method, bad), ClaivValidationError);
      const rejected = await claiv[method](bad).catch((reason) => reason);
      assert.deepEqual([error.issues, error.message], [rejected.issues, rejected.message]);
    }
    assert.equal(server.requests.length, 0);
  });
}

test("another method's name is refused, with those there are", () => {
  const claiv = new ClaivClient({ apiKey: "k" });
  for (const method of ["recall", "ingest", "IngestV1", "", undefined, 1, {}, "toString"]) {
    const error = thrown(() => claiv.check(method, {}), ClaivValidationError);
    assert.deepEqual(paths(error), ["method"]);
    assert.match(error.message, /"ingestV1", "ingestV3", "ingestV6", "forgetV1", "forgetV6"/);
  }
});

test("options are checked with the request, and allowUnknownFields is obeyed", () => {
  const claiv = new ClaivClient({ apiKey: "k" });
  assert.deepEqual(paths(thrown(() => claiv.check("ingestV1", { user_id: "" }, { timeout: -1 }), ClaivValidationError)), ["content", "options.timeout", "type", "user_id"]);
  const request = { ...REQUESTS.ingestV1, rol: "user" };
  thrown(() => claiv.check("ingestV1", request), ClaivValidationError);
  claiv.check("ingestV1", request, { allowUnknownFields: true });
});

test("a client that does not validate still refuses what JSON cannot carry, and a closed one says so", () => {
  const claiv = new ClaivClient({ apiKey: "k", validate: false });
  claiv.check("ingestV1", { any: 1 });
  assert.deepEqual(paths(thrown(() => claiv.check("ingestV1", { big: 1n }), ClaivValidationError)), ["big"]);
  claiv.close();
  assert.match(thrown(() => claiv.check("ingestV1", {})).message, /closed/);
});

test("no hook is told of it: it is no call", () => {
  const hookEvents = [];
  const note = (event) => hookEvents.push(event);
  const claiv = new ClaivClient({ apiKey: "k", onCall: note, onRequest: note, onError: note });
  claiv.check("ingestV1", REQUESTS.ingestV1);
  thrown(() => claiv.check("ingestV1", {}), ClaivValidationError);
  assert.deepEqual(hookEvents, []);
});

test("the client of claiv-memory/v6 checks by the same names", async () => {
  const { ClaivClient: V6 } = await import("claiv-memory/v6");
  const claiv = new V6({ apiKey: "k" });
  claiv.check("ingestV1", REQUESTS.ingestV1);
  claiv.check("ingestV6", REQUESTS.ingestV6);
  assert.deepEqual(paths(thrown(() => claiv.check("ingestV6", REQUESTS.ingestV1), ClaivValidationError)), ["conversation_id", "thread_id"]);
});
