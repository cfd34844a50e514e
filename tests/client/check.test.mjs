// check: what a method would refuse, without the call.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { connect, paths, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const REQUESTS = {
  ingest: { user_id: "u", type: "message", content: "x", thread_id: "t" },
  ingestV3: { user_id: "u", type: "message", content: "x" },
  ingestV6: { user_id: "u", type: "message", content: "x", conversation_id: "c" },
  forget: { user_id: "u", thread_id: "t" },
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
  for (const method of ["recall", "Ingest", "", undefined, 1, {}, "toString"]) {
    const error = thrown(() => claiv.check(method, {}), ClaivValidationError);
    assert.deepEqual(paths(error), ["method"]);
    assert.match(error.message, /"ingest", "ingestV3", "ingestV6", "forget", "forgetV6"/);
  }
});

test("options are checked with the request, and allowUnknownFields is obeyed", () => {
  const claiv = new ClaivClient({ apiKey: "k" });
  assert.deepEqual(paths(thrown(() => claiv.check("ingest", { user_id: "" }, { timeout: -1 }), ClaivValidationError)), ["content", "options.timeout", "type", "user_id"]);
  const request = { ...REQUESTS.ingest, rol: "user" };
  thrown(() => claiv.check("ingest", request), ClaivValidationError);
  claiv.check("ingest", request, { allowUnknownFields: true });
});

test("a client that does not validate still refuses what JSON cannot carry, and a closed one says so", () => {
  const claiv = new ClaivClient({ apiKey: "k", validate: false });
  claiv.check("ingest", { any: 1 });
  assert.deepEqual(paths(thrown(() => claiv.check("ingest", { big: 1n }), ClaivValidationError)), ["big"]);
  claiv.close();
  assert.match(thrown(() => claiv.check("ingest", {})).message, /closed/);
});
