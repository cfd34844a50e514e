// Every call settles: timeouts and aborts cut whatever is going on, and the server sees the connection go.
import { equal, event, group, ok, rejection, same, sleep, task, within } from "../context.mjs";

/** An abort after `ms`, and how long the call took to notice. */
async function aborted(t, ms, call) {
  const controller = new AbortController();
  const pending = call(controller.signal).then((value) => ({ value }), (error) => ({ error, at: Date.now() }));
  await sleep(ms);
  const began = Date.now();
  controller.abort("enough");
  const { error, at } = await pending;
  ok(error instanceof t.names.ClaivAbortError, `${error?.stack ?? error}`);
  equal(error.cause, "enough");
  within(at - began, -5, 1000, "the time to notice");
  return error;
}

export const deadlines = group("deadlines", {
  async "timeout: no answer"(t) {
    const began = Date.now();
    await rejection(t.hostile("hang", { timeout: 150 }).recall(task(t)), t.names.ClaivTimeoutError);
    within(Date.now() - began, 140, 3000, "the time");
    equal((await t.seenWhen(({ gone }) => gone > 0)).gone, 1, "connections closed");
  },

  async "timeout: a body that stops half-way"(t) {
    const began = Date.now();
    const error = await rejection(t.hostile("stall", { timeout: 250 }).recall(task(t)), t.names.ClaivTimeoutError);
    equal(error.mayHaveBeenApplied, true);
    within(Date.now() - began, 240, 3000, "the time");
    ok((await t.seenWhen(({ gone }) => gone > 0)).gone >= 1, "the connection stays open");
  },

  async "totalTimeout: covers attempts and waits"(t) {
    const began = Date.now();
    const error = await rejection(t.hostile("busy", { maxRetries: 1000, totalTimeout: 300 }).recall(task(t)), t.names.ClaivError);
    ok(error instanceof t.names.ClaivTimeoutError || error instanceof t.names.ClaivServerError, String(error));
    within(Date.now() - began, 0, 3000, "the time");
    equal((await rejection(t.hostile("hang", { totalTimeout: 80 }).recall(task(t)), t.names.ClaivTimeoutError)).scope, "total");
  },

  async "timeout: an apiKey function that never answers"(t) {
    const claiv = t.make({ apiKey: () => new Promise(() => {}), timeout: 60 });
    equal((await rejection(claiv.recall(task(t)), t.names.ClaivTimeoutError)).attempt, 0);
  },

  async "timeout: a custom fetch that never settles"(t) {
    await rejection(t.make({ fetch: () => new Promise(() => {}), timeout: 60 }).recall(task(t)), t.names.ClaivTimeoutError);
  },

  async "timers far too long for the host do not fire at once"(t) {
    const { claiv } = t.local({ timeout: 2 ** 40, totalTimeout: 2 ** 41 });
    same(await claiv.healthCheck(), { ok: true });
    equal((await claiv.ingest(event(t))).deduped, false);
  },

  async "abort: before anything is sent"(t) {
    const controller = new AbortController();
    controller.abort();
    const error = await rejection(t.hostile("hang").recall(task(t), { signal: controller.signal }), t.names.ClaivAbortError);
    same([error.attempts, error.mayHaveBeenApplied], [[], false]);
    equal((await t.seen()).requests, 0);
  },

  async "abort: waiting for the answer"(t) {
    await aborted(t, 100, (signal) => t.hostile("hang").recall(task(t), { signal }));
    equal((await t.seenWhen(({ gone }) => gone > 0)).gone, 1, "connections closed");
  },

  async "abort: reading the body"(t) {
    await aborted(t, 250, (signal) => t.hostile("stall").recall(task(t), { signal }));
    ok((await t.seenWhen(({ gone }) => gone > 0)).gone >= 1, "the connection stays open");
  },

  async "abort: waiting between attempts"(t) {
    await aborted(t, 250, (signal) => t.hostile("long-wait", { maxRetries: 3 }).recall(task(t), { signal }));
    equal((await t.seen()).requests, 1);
  },

  async "abort: one of many calls of one client leaves the others alone"(t) {
    const claiv = t.http();
    const controller = new AbortController();
    const calls = Array.from({ length: 20 }, (_, i) => claiv.recall(task(t), i % 2 ? { signal: controller.signal } : {}));
    controller.abort();
    const results = await Promise.allSettled(calls);
    ok(results.every(({ status }, i) => i % 2 === 1 || status === "fulfilled"));
    ok(results.every(({ status, reason }, i) => i % 2 === 0 || status === "fulfilled" || reason instanceof t.names.ClaivAbortError));
  },

  async "abort: AbortSignal.timeout and AbortSignal.any are signals like others"(t) {
    if (typeof AbortSignal.timeout !== "function") t.skip("this host has no AbortSignal.timeout");
    if (typeof AbortSignal.any !== "function") t.skip("this host has no AbortSignal.any");
    const signal = AbortSignal.any([AbortSignal.timeout(60), new AbortController().signal]);
    await rejection(t.hostile("hang").recall(task(t), { signal }), t.names.ClaivAbortError);
  },
});
