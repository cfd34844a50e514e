// What a case has to work with: clients of every kind, and ways to say what should be.

/** A case that this host cannot run; the message is the reason. */
export class Skip extends Error {}

/** A key that is easily found wherever it does not belong. */
export const KEY = "sk-test-4f9d2c7e81b05a36";

let serial = 0;
// Made by the first case: some hosts have no randomness while modules are evaluated.
let run;

export class Context {
  constructor(host) {
    this.host = host;
    this.names = host.client;
    /** Of its own for every case, so that no case sees what another stored, in whatever run. */
    run ??= Math.floor(Math.random() * 1e9).toString(36);
    this.id = `${run}-${++serial}`;
    this.user = `user-${this.id}`;
  }

  skip(reason) {
    throw new Skip(reason);
  }

  need(what) {
    const reason = this.host.without?.[what];
    if (reason) this.skip(reason);
  }

  /** A client without a service; `fetch` is among the options, or nothing is sent. */
  make(options = {}) {
    return new this.names.ClaivClient({ apiKey: KEY, ...options });
  }

  /** A client of the emulator behind a socket. */
  http(options = {}) {
    this.need("http");
    return this.make({ baseUrl: this.host.urls.emulator, ...options });
  }

  /** A client of a server that behaves badly in the way that `scenario` names, without retries. */
  hostile(scenario, options = {}) {
    this.need("http");
    return this.make({ baseUrl: `${this.host.urls.hostile}/${scenario}/${this.id}`, maxRetries: 0, ...options });
  }

  /** What the hostile server has seen of this case. */
  async seen() {
    return (await fetch(`${this.host.urls.hostile}/seen/${this.id}`)).json();
  }

  /** Like `seen`, but waits for up to two seconds until `ready` is true of it. */
  async seenWhen(ready) {
    for (let tries = 0; ; tries++) {
      const seen = await this.seen();
      if (ready(seen) || tries === 40) return seen;
      await sleep(50);
    }
  }

  /** An emulator in this very process, and a client of it. */
  local(options = {}, emulatorOptions = {}) {
    this.need("emulator");
    const emulator = new this.host.emulator.ClaivEmulator(emulatorOptions);
    return { emulator, claiv: this.make({ fetch: emulator.fetch, ...options }) };
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const event = (t, more = {}) => ({ user_id: t.user, type: "message", content: "The user prefers dark mode", ...more });
export const task = (t, more = {}) => ({ user_id: t.user, task: "Which mode does the user prefer?", token_budget: 500, ...more });

const shown = (value) => {
  const text = typeof value === "string" ? JSON.stringify(value) : JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
};

export function ok(value, message) {
  if (!value) throw new Error(message ?? `${shown(value)} is not truthy`);
}

export function equal(actual, expected, message = "") {
  if (!Object.is(actual, expected)) throw new Error(`${message}${message && ": "}got ${shown(actual)}, expected ${shown(expected)}`);
}

/** For values that JSON can tell apart. */
export function same(actual, expected, message = "") {
  equal(JSON.stringify(actual), JSON.stringify(expected), message);
}

export function within(value, low, high, message = "it") {
  ok(value >= low && value <= high, `${message} is ${value}, not between ${low} and ${high}`);
}

/** What a promise rejects with, which must be of this class. */
export async function rejection(promise, Class) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    ok(error instanceof Class, `rejected with ${error?.name}: ${error?.stack ?? error}, expected ${Class.name}`);
    ok(error instanceof Error && typeof error.stack === "string", "the error is no Error with a stack");
    return error;
  }
  throw new Error(`resolved to ${shown(value)}, should have rejected`);
}

/** What a function throws, which must be of this class. */
export function thrown(work, Class) {
  let value;
  try {
    value = work();
  } catch (error) {
    ok(error instanceof Class, `threw ${error?.name}: ${error?.stack ?? error}`);
    return error;
  }
  throw new Error(`returned ${shown(value)}, should have thrown`);
}

/** Cases of one group. */
export const group = (name, cases) => Object.entries(cases).map(([title, run]) => ({ group: name, name: title, run }));
