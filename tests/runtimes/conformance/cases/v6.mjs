// claiv-memory/v6: V6 under the plain names, with one module and one set of classes whoever imports both entries.
import { KEY, equal, event, group, ok, rejection, same } from "../context.mjs";
import { CLASSES, exportedNames } from "./imports.mjs";

const spoken = (t, more = {}) => event(t, { conversation_id: "c", ...more });
const question = (t) => ({ user_id: t.user, conversation_id: "c", query: "Which mode does the user prefer?" });

/** A client of this entry, of the emulator behind a socket. */
function http(t, options = {}) {
  t.need("v6");
  t.need("http");
  return new t.host.v6.ClaivClient({ apiKey: KEY, baseUrl: t.host.urls.emulator, ...options });
}

export const v6 = group("v6", {
  "it exports what the main entry exports"(t) {
    t.need("v6");
    same(exportedNames(t.host.v6), CLASSES);
    for (const name of CLASSES) equal(t.host.v6[name].name, name);
  },

  "there is one module and one set of classes"(t) {
    t.need("v6");
    equal(Object.getPrototypeOf(t.host.v6.ClaivClient), t.names.ClaivClient);
    equal(t.host.v6.ClaivError, t.names.ClaivError);
    equal(Object.getPrototypeOf(t.host.v6.ClaivApiError), t.names.ClaivApiError);
  },

  async "ingest, recall, feedback and forget are V6's"(t) {
    const claiv = http(t);
    await claiv.ingest(spoken(t, { role: "user" }));
    const { answer_facts, llm_context, debug } = await claiv.recall({ ...question(t), include: { debug: true } });
    same(answer_facts.map(({ object_text }) => object_text), ["The user prefers dark mode"]);
    ok(llm_context.text.includes("The user prefers dark mode"));
    equal((await claiv.feedback(debug.recall_id, { selected_ids: llm_context.fact_ids })).facts_recorded, 1);
    equal((await claiv.forget({ user_id: t.user, conversation_id: "c" })).deleted_counts.events, 1);
    same((await claiv.recall(question(t))).answer_facts, []);
  },

  async "ingestMany takes events of V6"(t) {
    const [stored, refused] = await http(t).ingestMany([spoken(t), event(t)]);
    same([stored.status, refused.status], ["fulfilled", "rejected"]);
    same(refused.reason.issues.map(({ path }) => path), ["conversation_id"]);
  },

  async "V1 has its suffixed names in both entries"(t) {
    for (const claiv of [http(t), t.http()]) {
      await claiv.ingestV1(event(t));
      equal((await claiv.recallV1({ user_id: t.user, task: "dark mode", token_budget: 300 })).memory_blocks.length, 1);
      equal((await claiv.forgetV1({ user_id: t.user })).deleted_counts.events, 1);
    }
  },

  async "errors are told by the classes of either entry, and V1's fields name V1's method"(t) {
    const error = await rejection(http(t).recall({ ...question(t), task: "Greet" }), t.host.v6.ClaivValidationError);
    ok(error instanceof t.names.ClaivError);
    ok(error.issues[0].message.includes("recallV1"), error.message);
  },

  "errors are made of status and body, of a limit, of a cause"(t) {
    t.need("v6");
    const { ClaivApiError, ClaivNetworkError, ClaivTimeoutError } = t.host.v6;
    const api = new ClaivApiError(429, { error: { code: "quota_exceeded", message: "No more.", request_id: "r" } });
    same([api.name, api.message, api.status, api.code, api.requestId], ["ClaivApiError", "No more.", 429, "quota_exceeded", "r"]);
    ok(api instanceof t.names.ClaivApiError && api instanceof ClaivApiError);
    equal(new ClaivTimeoutError(5).timeoutMs, 5);
    const cause = new Error("reset");
    equal(new ClaivNetworkError(cause).cause, cause);
  },

  async "fromEnv and a subclass make clients of this entry"(t) {
    const claiv = http(t);
    const env = { CLAIV_API_KEY: KEY, CLAIV_BASE_URL: claiv.baseUrl };
    class Mine extends t.host.v6.ClaivClient {}
    const { fromEnv } = t.host.v6.ClaivClient;
    for (const one of [Mine.fromEnv(env), fromEnv(env)]) equal((await one.ingest(spoken(t))).deduped, false);
    ok(Mine.fromEnv(env) instanceof Mine);
  },
});
