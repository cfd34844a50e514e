// Attempts after the first, and what keeps them from storing anything twice.
import { equal, event, group, ok, rejection, same, task, within } from "../context.mjs";

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const retried = group("retries", {
  async "a 503 is followed by another attempt"(t) {
    const hooks = [];
    const claiv = t.hostile("once-503", { maxRetries: 2, onRetry: (event) => hooks.push(event) });
    equal((await claiv.ingest(event(t))).deduped, false);
    equal((await t.seen()).requests, 2);
    same(hooks.map(({ status, attempt, error }) => [status, attempt, error]), [[503, 1, "ClaivServerError"]]);
  },

  async "Retry-After is waited out in full"(t) {
    const began = Date.now();
    await t.hostile("once-429", { maxRetries: 1 }).recall(task(t));
    within(Date.now() - began, 990, 6000, "the wait");
    equal((await t.seen()).requests, 2);
  },

  async "a wish to wait longer than allowed fails at once"(t) {
    const began = Date.now();
    const error = await rejection(t.hostile("once-429", { maxRetries: 5, maxRetryDelay: 500 }).recall(task(t)), t.names.ClaivRateLimitError);
    ok(Date.now() - began < 900, "it waited");
    equal(error.retryAfterMs, 1000);
  },

  async "after maxRetries it gives up and tells of every attempt"(t) {
    const error = await rejection(t.hostile("busy", { maxRetries: 3 }).recall(task(t)), t.names.ClaivServerError);
    same(error.attempts.map(({ status }) => status), [503, 503, 503, 503]);
    equal((await t.seen()).requests, 4);
  },

  async "a dropped connection is tried again where that is safe"(t) {
    await t.hostile("once-drop", { maxRetries: 2, timeout: 10_000 }).recall(task(t));
    ok((await t.seen()).requests >= 2);
  },

  async "a dropped forget is not repeated"(t) {
    const error = await rejection(t.hostile("drop", { maxRetries: 3 }).forget({ user_id: t.user }), t.names.ClaivNetworkError);
    equal(error.attempts.length, 1);
    equal(error.mayHaveBeenApplied, true);
  },

  async "a 400 is not repeated"(t) {
    await rejection(t.hostile("status-400", { maxRetries: 3 }).recall(task(t)), t.names.ClaivBadRequestError);
    equal((await t.seen()).requests, 1);
  },

  async "faults of the emulator in this process are met likewise"(t) {
    const { emulator, claiv } = t.local({ maxRetries: 3 });
    emulator.addFault([{ status: 503, headers: { "retry-after-ms": "1" } }, { status: 500, headers: { "retry-after-ms": "1" } }]);
    equal((await claiv.ingest(event(t))).deduped, false);
    equal(emulator.requests.length, 3);
  },
});

const once = group("idempotency", {
  async "an ingest whose answer was lost is stored once"(t) {
    const claiv = t.hostile("applied-then-drop", { maxRetries: 2 });
    equal((await claiv.ingest(event(t))).deduped, true);
    const { keys } = await t.seen();
    equal(new Set(keys).size, 1, "the keys of all attempts");
    ok(UUID4.test(keys[0]), keys[0]);
    equal((await t.http().recall(task(t))).citations.length, 1);
  },

  async "every ingest has a key of its own"(t) {
    const { emulator, claiv } = t.local();
    await Promise.all(Array.from({ length: 50 }, () => claiv.ingest(event(t))));
    const keys = emulator.requests.map(({ body }) => body.idempotency_key);
    equal(new Set(keys).size, 50);
    ok(keys.every((key) => UUID4.test(key)));
  },

  async "the same key is stored once"(t) {
    const claiv = t.http();
    const first = await claiv.ingest(event(t, { idempotency_key: `key-${t.id}` }));
    const again = await claiv.ingest(event(t, { idempotency_key: `key-${t.id}` }));
    same([first.deduped, again.deduped, again.event_id], [false, true, first.event_id]);
  },

  async "a failed ingest names its key, which takes up where it failed"(t) {
    const error = await rejection(t.hostile("applied-then-cut").ingest(event(t)), t.names.ClaivNetworkError);
    ok(UUID4.test(error.idempotencyKey));
    equal((await t.http().ingest(event(t, { idempotency_key: error.idempotencyKey }))).deduped, true);
  },
});

export const retries = [retried, once].flat();
