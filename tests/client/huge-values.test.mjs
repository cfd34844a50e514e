// What the host refuses to build, since it would be longer than its longest string, ends in a ClaivError like all else.
import assert from "node:assert/strict";
import { constants } from "node:buffer";
import test from "node:test";
import { ClaivApiError, ClaivClient, ClaivError } from "claiv-memory";
import { rejection } from "../support/client.mjs";

const EVENT = { user_id: "u", type: "message" };
/** JSON writes each of these as six characters. */
const escaped = "\u0001".repeat(Math.ceil(constants.MAX_STRING_LENGTH / 6) + 1);

test("a request whose JSON would be longer than the longest string is refused, and nothing is sent", async () => {
  let sent = 0;
  const client = new ClaivClient({ apiKey: "any-key-1", validate: false, fetch: async () => { sent += 1; return new Response("{}"); } });
  const error = await rejection(client.ingest({ ...EVENT, content: escaped }), ClaivError);
  assert.equal(error.mayHaveBeenApplied, false);
  const [{ status, reason }] = await client.ingestMany([{ ...EVENT, content: escaped }]);
  assert.deepEqual([status, reason instanceof ClaivError], ["rejected", true]);
  assert.equal(sent, 0);
});

// "[redacted]" is longer than the key: in the place of each it would make a text that no host can hold.
for (const apiKey of ["k", "kkkkkkkk"]) {
  test(`an error body of 54 million letters k, with the key ${apiKey}, gives the error of its status`, async () => {
    const letters = "k".repeat(54_000_000);
    const bodies = [letters, `{"error":{"code":"c","message":"${letters}"}}`];
    for (const body of bodies) {
      const fetch = async () => new Response(body, { status: 400, headers: { "content-type": "application/json" } });
      const error = await rejection(new ClaivClient({ apiKey, fetch, maxResponseBytes: 128 << 20 }).recall({ user_id: "u", task: "t", token_budget: 200 }), ClaivApiError);
      assert.equal(error.status, 400);
      assert.ok(error.message.length < 1000);
      // A short key is looked for as a whole value only.
      assert.equal(error.message.includes("kkkkkkkk"), apiKey === "k");
    }
  });
}
