// Closing a client, by hand and by `using`.
import { equal, event, group, ok, rejection, task } from "../context.mjs";

async function isClosed(t, claiv) {
  const error = await rejection(claiv.recall(task(t)), t.names.ClaivError);
  equal(error.constructor, t.names.ClaivError);
  equal(error.mayHaveBeenApplied, false);
}

export const lifecycle = group("lifecycle", {
  async "a closed client begins nothing and finishes what it began"(t) {
    const { claiv } = t.local({}, { latency: 20 });
    const begun = claiv.ingest(event(t));
    claiv.close();
    claiv.close();
    equal((await begun).deduped, false);
    await isClosed(t, claiv);
  },

  async "Symbol.dispose closes it"(t) {
    if (typeof Symbol.dispose !== "symbol") t.skip("this host has no Symbol.dispose");
    const claiv = t.make({ fetch: async () => ok(false, "it sent something") });
    claiv[Symbol.dispose]();
    await isClosed(t, claiv);
  },

  async "Symbol.asyncDispose closes it"(t) {
    if (typeof Symbol.asyncDispose !== "symbol") t.skip("this host has no Symbol.asyncDispose");
    const claiv = t.make({ fetch: async () => ok(false, "it sent something") });
    equal(await claiv[Symbol.asyncDispose](), undefined);
    await isClosed(t, claiv);
  },

  async "`using` and `await using` close it"(t) {
    t.need("using");
    if (!t.host.using) t.skip("this host has no `using` syntax");
    const { claiv } = t.local();
    let inside;
    await t.host.using(claiv, async () => { inside = await claiv.healthCheck(); });
    equal(inside?.ok, true);
    await isClosed(t, claiv);
  },

  async "a thousand clients are made, used and dropped"(t) {
    const { emulator } = t.local();
    for (let i = 0; i < 1000; i++) {
      const claiv = t.make({ fetch: emulator.fetch });
      if (i % 50 === 0) await claiv.healthCheck();
      if (i % 2) claiv.close();
    }
  },
});
