// What a client does under faked timers, whoever fakes them. Nothing here waits for real time: a call that is due has to end within
// promise jobs alone, since those are all that a test with faked timers and microtasks has.

const EVENT = { user_id: "u", type: "message", content: "c" };
const RIGHT = { event_id: "e", deduped: false };

/** An answer without streams, which Node cannot read while process.nextTick is faked. */
const answer = (value, status = 200, headers = {}) => ({ status, headers: new Map(Object.entries(headers)), text: async () => JSON.stringify(value) });
const hangs = () => new Promise(() => {});

/** How a promise ended, as far as promise jobs can bring it; undefined while it is pending. */
async function end(promise) {
  let found;
  promise.then((value) => { found = { value }; }, (error) => { found = { error }; });
  for (let i = 0; i < 500 && !found; i++) await null;
  return found;
}

function ok(value, message) {
  if (!value) throw new Error(message);
}

/** A promise that is looked at later. */
function kept(promise) {
  promise.catch(() => {});
  return promise;
}

async function pending(promise, when) {
  const found = await end(promise);
  ok(!found, `${when}: the call is over: ${found?.error?.stack ?? JSON.stringify(found?.value)}`);
}

async function fulfilled(promise, when) {
  const found = await end(promise);
  ok(found, `${when}: the call is pending`);
  ok("value" in found, `${when}: ${found.error?.stack ?? found.error}`);
  return found.value;
}

async function rejected(promise, Class, when) {
  const found = await end(promise);
  ok(found, `${when}: the call is pending`);
  ok(found.error instanceof Class, `${when}: ${found.error?.stack ?? JSON.stringify(found.value)}`);
  return found.error;
}

/** A client, the calls of its fetch, and a way to change what it answers. */
function make({ ClaivClient }, fetch = () => answer(RIGHT), options = {}) {
  const state = { asked: 0, fetch };
  state.claiv = new ClaivClient({ apiKey: "ck_faked", baseUrl: "http://127.0.0.1:9", fetch: async (...args) => { state.asked += 1; return state.fetch(...args); }, ...options });
  return state;
}

/** 503 or 429 first, then right. */
const once = (status, headers) => {
  let first = true;
  return () => {
    if (!first) return answer(RIGHT);
    first = false;
    return answer({}, status, headers);
  };
};

// Each gets the package's names and the fakes: {install, uninstall, advance, advanceSync}. They are installed when a case begins.
const CASES = {
  async "a call with nothing due works without the clock being moved"(names) {
    const { claiv } = make(names, undefined, { apiKey: async () => "k", onRequest() {}, onResponse() {} });
    ok((await fulfilled(claiv.ingest(EVENT, { timeout: 1000, totalTimeout: 5000 }), "ingest")).event_id === "e");
    ok((await fulfilled(claiv.ingestMany([EVENT, { ...EVENT, thread_id: "t" }, { ...EVENT, thread_id: "t" }]), "ingestMany")).every(({ status }) => status === "fulfilled"));
    await rejected(claiv.ingest({}), names.ClaivValidationError, "an invalid request");
    claiv.close();
    await rejected(claiv.ingest(EVENT), names.ClaivError, "a closed client");
  },

  async "timeout ends the call as soon as the clock is moved that far"(names, fakes) {
    const call = make(names, hangs).claiv.ingest(EVENT, { timeout: 30_000 });
    await pending(call, "at once");
    await fakes.advance(29_990);
    await pending(call, "10 ms before");
    await fakes.advance(15);
    await rejected(call, names.ClaivTimeoutError, "after the timeout");
  },

  async "timeout ends the call when the clock is moved by a plain call, too"(names, fakes) {
    const call = make(names, hangs).claiv.ingest(EVENT, { timeout: 30_000 });
    await pending(call, "at once");
    fakes.advanceSync(30_010);
    await rejected(call, names.ClaivTimeoutError, "after the timeout");
  },

  async "an apiKey function that never answers is cut as soon as the clock is moved"(names, fakes) {
    const call = make(names, undefined, { apiKey: hangs, timeout: 5000 }).claiv.ingest(EVENT);
    await pending(call, "at once");
    await fakes.advance(5010);
    await rejected(call, names.ClaivTimeoutError, "after the timeout");
  },

  async "the backoff is over as soon as the clock is moved"(names, fakes) {
    const state = make(names, once(503));
    const call = state.claiv.ingest(EVENT);
    await pending(call, "at once");
    ok(state.asked === 1, `${state.asked} attempts at once`);
    await fakes.advance(760);
    await fulfilled(call, "after the backoff");
    ok(state.asked === 2, `${state.asked} attempts`);
  },

  async "what the server asks to wait is waited on the faked clock, in full"(names, fakes) {
    const state = make(names, once(429, { "retry-after": "20" }));
    const call = state.claiv.ingest(EVENT);
    await pending(call, "at once");
    await fakes.advance(19_990);
    await pending(call, "10 ms before");
    ok(state.asked === 1, "it came back too early");
    await fakes.advance(20);
    await fulfilled(call, "after the wait");
  },

  async "totalTimeout ends attempts and waits as soon as the clock is moved"(names, fakes) {
    const retried = kept(make(names, () => answer({}, 503)).claiv.ingest(EVENT, { totalTimeout: 4000, maxRetries: 1000 }));
    const hung = kept(make(names, hangs).claiv.ingest(EVENT, { totalTimeout: 4000 }));
    await pending(hung, "at once");
    // Step by step, since each step has to bring the next. Where performance.now is real it knows nothing of the time that the clock was moved,
    // and the last wait may be begun that would else be too long.
    for (let i = 0; i < 100; i++) await fakes.advance(100);
    await rejected(retried, names.ClaivError, "retries");
    ok((await rejected(hung, names.ClaivTimeoutError, "no answer")).scope === "total", "scope");
  },

  async "an abort needs no clock"(names) {
    const controller = new AbortController();
    const call = make(names, hangs).claiv.ingest(EVENT, { signal: controller.signal });
    await pending(call, "at once");
    controller.abort("enough");
    await rejected(call, names.ClaivAbortError, "after the abort");
  },

  async "many calls at once end as soon as the clock is moved"(names, fakes) {
    const { claiv } = make(names, hangs);
    const calls = Array.from({ length: 50 }, (_, i) => kept(claiv.ingest(EVENT, { timeout: 100 * (i + 1) })));
    const batch = claiv.ingestMany([EVENT, EVENT], { timeout: 100 });
    await pending(calls[0], "at once");
    for (let i = 0; i < 52; i++) await fakes.advance(100);
    for (const call of calls) await rejected(call, names.ClaivTimeoutError, "after its timeout");
    ok((await fulfilled(batch, "the batch")).every(({ reason }) => reason instanceof names.ClaivTimeoutError), "the batch's reasons");
  },

  async "a batch of many events ends as soon as the clock is moved"(names, fakes) {
    const batch = make(names).claiv.ingestMany(Array.from({ length: 2000 }, (_, i) => (i % 2 ? EVENT : {})));
    await pending(batch, "at once");
    // A slice of it for each step: promises alone would keep the event loop from everything else.
    for (let i = 0; i < 12; i++) await fakes.advance(2);
    const results = await fulfilled(batch, "after some steps");
    ok(results.every(({ status }, i) => status === (i % 2 ? "fulfilled" : "rejected")), "results");
  },

  async "a batch that was begun on real timers goes on under fakes, and the next one on real timers again"(names, fakes) {
    const events = Array.from({ length: 1200 }, () => EVENT);
    fakes.uninstall();
    const { claiv } = make(names);
    const batch = claiv.ingestMany(events);
    fakes.install();
    // A slice that waits already does so on a real timer.
    let results;
    batch.then((value) => { results = value; });
    for (let i = 0; i < 12; i++) {
      if (fakes.hasClock) await fakes.advance(2);
      await end(batch);
    }
    fakes.uninstall();
    ok((results ?? await batch).length === 1200, "begun on real timers");
    ok((await claiv.ingestMany(events)).length === 1200, "on real timers");
  },

  async "when real timers are back the client works, and so do calls that were begun under fakes"(names, fakes) {
    const settle = [];
    const state = make(names, () => new Promise((yes) => settle.push(yes)));
    const controller = new AbortController();
    const answered = state.claiv.ingest(EVENT);
    const aborted = kept(state.claiv.ingest(EVENT, { signal: controller.signal }));
    await pending(answered, "at once");
    fakes.uninstall();
    settle[0](answer(RIGHT));
    await fulfilled(answered, "answered once real timers were back");
    controller.abort();
    await rejected(aborted, names.ClaivAbortError, "aborted once real timers were back");
    state.fetch = () => answer(RIGHT);
    await fulfilled(state.claiv.ingest(EVENT), "a call of the same client");
    await fulfilled(make(names).claiv.ingest(EVENT), "a call of a new client");
    // On real timers.
    const began = Date.now();
    const late = await make(names, hangs).claiv.ingest(EVENT, { timeout: 30 }).then(() => undefined, (error) => error);
    ok(late instanceof names.ClaivTimeoutError && Date.now() - began >= 20, `a timeout on real timers: ${late}`);
    await make(names, once(503), { maxRetryDelay: 5 }).claiv.ingest(EVENT);
  },

  async "a call that was begun on real timers goes on under fakes"(names, fakes) {
    fakes.uninstall();
    const settle = [];
    const { claiv } = make(names, () => new Promise((yes) => settle.push(yes)), { timeout: 3000 });
    const call = claiv.ingest(EVENT);
    await pending(call, "at once");
    fakes.install();
    settle[0](answer(RIGHT));
    await fulfilled(call, "under fakes");
    await fulfilled(make(names).claiv.ingest(EVENT), "another call under fakes");
  },

  async "the emulator stores, and its delay ends as soon as the clock is moved"({ ClaivEmulator }, fakes) {
    const emulator = new ClaivEmulator();
    const send = () => emulator.fetch("https://api.test/v1/ingest", { method: "POST", headers: { authorization: "Bearer k" }, body: JSON.stringify(EVENT) });
    ok((await fulfilled(send(), "at once")).status === 200, "status");
    emulator.addFault({ delayMs: 5000 });
    const late = send();
    await pending(late, "before the clock is moved");
    await fakes.advance(5010);
    ok((await fulfilled(late, "after the delay")).status === 200, "status");
    ok(JSON.parse(emulator.exportState()).events.length === 2, "both are stored");
  },

  async "the emulator stores under fakes, and goes on when real timers are back"({ ClaivEmulator }, fakes) {
    const emulator = new ClaivEmulator();
    const send = () => emulator.fetch("https://api.test/v1/ingest", { method: "POST", headers: { authorization: "Bearer k" }, body: JSON.stringify(EVENT) });
    ok((await fulfilled(send(), "under fakes")).status === 200, "status");
    fakes.uninstall();
    ok((await send()).status === 200, "on real timers");
    fakes.install();
    ok((await fulfilled(send(), "under fakes again")).status === 200, "status again");
    ok(JSON.parse(emulator.exportState()).events.length === 3, "all are stored");
  },

  async "a client of the emulator works where the host can read a body"(names, fakes) {
    const emulator = new names.ClaivEmulator();
    const claiv = new names.ClaivClient({ apiKey: "ck_faked", fetch: emulator.fetch });
    await fulfilled(claiv.ingest({ ...EVENT, content: "I prefer window seats" }), "ingest");
    const pack = await fulfilled(claiv.recall({ user_id: "u", task: "Which seats?", token_budget: 200 }), "recall");
    ok(pack.memory_blocks[0].content === "I prefer window seats", "recalled");
    emulator.addFault({ status: 503, times: 1 });
    const retried = claiv.ingest(EVENT);
    if (fakes.hasClock) await fakes.advance(760);
    await fulfilled(retried, "after the backoff");
    ok(emulator.requests.length === 4, "four requests");
  },

  async "fakes that come and go again and again leave a client that works"(names, fakes) {
    const state = make(names);
    for (let i = 0; i < 10; i++) {
      await fulfilled(state.claiv.ingest(EVENT), `under fakes, round ${i}`);
      state.fetch = hangs;
      const left = kept(state.claiv.ingest(EVENT, { timeout: 10 }));
      await pending(left, `left, round ${i}`);
      fakes.uninstall();
      state.fetch = () => answer(RIGHT);
      await fulfilled(state.claiv.ingest(EVENT), `on real timers, round ${i}`);
      fakes.install();
    }
  },
};

export const NAMES = Object.keys(CASES);

/** What only a clock can bring about. */
const MOVED = /clock is moved|on the faked clock/;

/** What needs the host's Request and Response. */
const EMULATOR = /the emulator/;

/** What reads the body of a Response of the host's. */
const HOST_READS = /host can read/;

/**
 * Runs all cases, one after the other, and gives results as the conformance suite does. `fakes` has install, uninstall, advance and
 * advanceSync; without `hasClock` only microtasks are faked, and what needs a clock is not run. `suffix` tells several runs apart.
 */
export async function runCases(names, fakes, suffix = "") {
  const results = [];
  for (const name of NAMES) {
    const result = { group: "fake timers", name: `${name}${suffix}`, ms: 0 };
    results.push(result);
    if (!fakes.hasClock && MOVED.test(name)) {
      Object.assign(result, { outcome: "not-run", reason: "only microtasks are faked, so there is no clock" });
      continue;
    }
    if (typeof Request !== "function" && EMULATOR.test(name)) {
      Object.assign(result, { outcome: "not-run", reason: "the host has no Request, which the emulator takes" });
      continue;
    }
    if (fakes.hostReads === false && HOST_READS.test(name)) {
      Object.assign(result, { outcome: "not-run", reason: "the host reads the body of any Response by queueMicrotask, which is faked in its own realm" });
      continue;
    }
    try {
      fakes.install();
      await CASES[name](names, fakes);
      result.outcome = "passed";
    } catch (error) {
      Object.assign(result, { outcome: "failed", message: String(error?.stack ?? error).slice(0, 1500) });
    } finally {
      fakes.uninstall();
    }
  }
  return results;
}
