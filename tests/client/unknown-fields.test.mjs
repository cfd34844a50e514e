// Fields that a method does not know: sent as they are, since the service may know them, unless they are probably a mistake.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { REQUESTS, send } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

const USER = { user_id: "u" };
const EVENT = { ...USER, type: "message", content: "I moved to Lisbon" };

/** The message about a field, of the error that a call is refused with; nothing was sent. */
async function refused(t, method, request, path, options) {
  const server = await serve(t);
  const error = await rejection(connect(server)[method](request, options), ClaivValidationError);
  assert.ok(paths(error).includes(path), `${paths(error)}`);
  assert.equal(server.requests.length, 0);
  return error.issues.find((issue) => issue.path === path).message;
}

for (const method of ["forget", "forgetV1", "forgetV2", "forgetV3", "forgetV6"]) {
  for (const [what, field] of Object.entries({ "nobody knows": "limit_to", "is written otherwise": "threadId", "is almost a limit": "from_tim", "is a reserved word": "constructor" })) {
    test(`${method}: a field that ${what} is refused, since it would not limit the deletion`, async (t) => {
      await refused(t, method, { ...USER, [field]: "x" }, field);
    });
  }

  test(`${method}: validate: false and allowUnknownFields are the ways around it`, async (t) => {
    const server = await serve(t);
    const request = { ...USER, region: "eu" };
    await connect(server, { validate: false })[method](request);
    await connect(server)[method](request, { allowUnknownFields: true });
    assert.deepEqual(server.requests.map(({ json }) => json), [request, request]);
  });
}

test("forget says what was probably meant", async (t) => {
  assert.match(await refused(t, "forget", { ...USER, threadId: "B" }, "threadId"), /did you mean thread_id\?/);
  assert.match(await refused(t, "forget", { ...USER, conversation_id: "B" }, "conversation_id"), /field of forgetV6/);
  assert.match(await refused(t, "forget", { ...USER, fromTime: "2026-01-01" }, "fromTime"), /did you mean from_time\?/);
  assert.match(await refused(t, "forget", { ...USER, from: "2026-01-01T00:00:00Z" }, "from"), /allowUnknownFields/);
  assert.match(await refused(t, "forget", { ...USER, signal: AbortSignal.timeout(5) }, "signal"), /second argument/);
});

test("fields of another version of the call name that version", async (t) => {
  assert.match(await refused(t, "ingest", { ...EVENT, conversation_id: "c", scope: "conversation" }, "conversation_id"), /field of ingestV6/);
  assert.match(await refused(t, "ingest", { ...EVENT, scope: "conversation" }, "scope"), /field of ingestV6/);
  assert.match(await refused(t, "ingest", { ...EVENT, retention_policy: "standard" }, "retention_policy"), /field of ingestV3/);
  assert.match(await refused(t, "recall", { ...USER, conversation_id: "c", query: "Where?" }, "query"), /field of recallV6/);
  assert.match(await refused(t, "recallV6", { ...USER, conversation_id: "c", query: "Where?", token_budget: 500 }, "token_budget"), /field of recallV1,/);
  assert.match(await refused(t, "ingestV6", { ...EVENT, conversation_id: "c", thread_id: "t" }, "thread_id"), /field of ingestV1,/);
});

test("options among the fields, and fields among the options, are told where they belong", async (t) => {
  const recall = { ...USER, task: "Greet", token_budget: 400 };
  assert.match(await refused(t, "recall", { ...recall, signal: AbortSignal.timeout(5) }, "signal"), /second argument/);
  assert.match(await refused(t, "recall", { ...recall, timeout: 5 }, "timeout"), /second argument/);
});

test("a known field that is missing, written otherwise, is named", async (t) => {
  assert.match(await refused(t, "ingest", { userId: "u", type: "message", content: "c" }, "userId"), /did you mean user_id\?/);
  assert.match(await refused(t, "ingest", { ...EVENT, idempotencyKey: "k" }, "idempotencyKey"), /did you mean idempotency_key\?/);
  assert.match(await refused(t, "recall", { ...USER, task: "t", tokenBudget: 400 }, "tokenBudget"), /did you mean token_budget\?/);
  assert.match(await refused(t, "listDocuments", { userId: "u" }, "userId"), /did you mean user_id\?/);
  assert.match(await refused(t, "recall", { ...USER, taks: "t", token_budget: 400 }, "taks"), /did you mean task\?$/);
});

test("the same holds for the fields of a group", async (t) => {
  const recall = { ...USER, conversation_id: "c", query: "Where?" };
  assert.match(await refused(t, "recallV6", { ...recall, limits: { answerFacts: 3 } }, "limits.answerFacts"), /did you mean answer_facts\?/);
  assert.match(await refused(t, "recallV6", { ...recall, include: { pending_plann: true } }, "include.pending_plann"), /did you mean pending_plan\?/);
  assert.match(await refused(t, "recallV6", { ...recall, limits: { timeout: 3 } }, "limits.timeout"), /second argument/);
  const server = await serve(t);
  const later = { ...recall, limits: { answer_facts: 3, rerank: 2 }, include: { sources: true } };
  const misspelt = { ...recall, limits: { answerFacts: 3 } };
  await connect(server).recallV6(later);
  await connect(server).recallV6(misspelt, { allowUnknownFields: true });
  assert.deepEqual(server.requests.map(({ json }) => json), [later, misspelt]);
});

for (const method of Object.keys(REQUESTS).filter((name) => !name.startsWith("forget"))) {
  test(`${method}: what the service may add tomorrow is sent today`, async (t) => {
    const server = await serve(t);
    const request = { ...REQUESTS[method], priority: 5, "x-new": { a: [1] }, language: "pt" };
    await send(connect(server), method, request);
    assert.deepEqual(server.requests[0].json, request);
  });
}

test("allowUnknownFields sends what is refused otherwise", async (t) => {
  const server = await serve(t);
  const request = { ...EVENT, conversation_id: "c", threadId: "t" };
  await connect(server).ingest(request, { allowUnknownFields: true });
  const { idempotency_key: _, ...sent } = server.requests[0].json;
  assert.deepEqual(sent, request);
});

test("an unknown option names the one that was meant, or all that there are", () => {
  const message = (options) => {
    try {
      new ClaivClient(options);
    } catch (error) {
      return error.message;
    }
    return "made";
  };
  assert.match(message({ apiKey: "k", baseURL: "https://a.example" }), /baseURL is not an option: did you mean baseUrl\?/);
  assert.match(message({ apiKey: "k", api_key: "k" }), /api_key is not an option: did you mean apiKey\?/);
  assert.match(message({ apiKey: "k", retries: 5 }), /retries is not an option; there are timeout, .*maxRetries.*, apiKey\./);
});

for (const [method, field] of [["ingestManyV6", "conversation_id"], ["ingestManyV3", "thread_id"]]) {
  test(`${method} sends each event to its own version, those of a ${field} one after the other`, async (t) => {
    let running = 0;
    let most = 0;
    const server = await serve(t, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return { body: { event_id: "e", deduped: false } };
    });
    const events = [1, 2, 3].map((n) => ({ ...EVENT, [field]: "c", content: `${n}` }));
    const results = await connect(server)[method](events);
    assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "fulfilled", "fulfilled"]);
    assert.deepEqual(server.requests.map(({ url, json }) => [url, json.content]), events.map(({ content }) => [`/v${method.at(-1)}/ingest`, content]));
    assert.equal(most, 1);
  });
}
