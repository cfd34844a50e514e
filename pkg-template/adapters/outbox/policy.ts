// The decisions: what is sent next, what waits behind it, what is given up, and when something is tried again. Nothing here reads a
// clock, waits, or touches a store: times come in as milliseconds since 1970.

/** An event that waits, as far as decisions go. */
export interface Waiting {
  readonly id: number;
  /** Events of one lane are sent one after the other: those of a user's conversation. */
  readonly lane: string;
  readonly queuedAt: number;
}

/** What an outcome means for the event and for the others. */
export type Verdict =
  /** It is stored. */
  | { readonly is: "sent" }
  /** The service will never take it: it goes, and its followers are free. */
  | { readonly is: "refused" }
  /** It waited too long: the same, but nothing is known of the service. */
  | { readonly is: "expired" }
  /** It is tried again later; its followers wait, other conversations go on. */
  | { readonly is: "failed" }
  /** All wait, as long as the service asked for (milliseconds), or as a failure does. */
  | { readonly is: "paused"; readonly ms?: number | undefined }
  /** It was cut short by the outbox itself, and counts for nothing. */
  | { readonly is: "stopped" };

/** What an error of the client's ingest means. Errors are told by their fields: they may be of another copy of the client. */
export function judge(error: unknown): Verdict {
  const { name, status, retryAfterMs } = (error ?? {}) as { name?: unknown; status?: unknown; retryAfterMs?: unknown };
  if (name === "AbortError") return { is: "stopped" };
  // It was valid when it was queued: the rules have changed since, and sending it never succeeds.
  if (name === "ClaivValidationError") return { is: "refused" };
  const asked = typeof retryAfterMs === "number" ? retryAfterMs : undefined;
  // 401 is about the key, 407 about a proxy: no event is at fault, and none could be sent.
  if (status === 429 || status === 401 || status === 407 || asked !== undefined) return { is: "paused", ms: asked };
  // 408 and 425 say of themselves that the request may be sent again.
  if (typeof status === "number" && status >= 400 && status < 500 && status !== 408 && status !== 425) return { is: "refused" };
  return { is: "failed" };
}

/** The wait before the first new try; doubled with each failure. */
export const FIRST_MS = 1000;
/** The longest wait between two tries, but for what the service asks. */
export const LONGEST_MS = 300_000;
/** After so many failures in a row, of whatever conversations, one event is tried at a time. */
export const FAILURES_IN_A_ROW = 3;
/** The longest rest between two such tries. */
export const LONGEST_REST_MS = 5000;

/** The wait after `failures` failures. `random` is from 0 up to 1: half of the wait is left to chance. */
export const backoff = (failures: number, random: number, longest = LONGEST_MS): number =>
  Math.min(longest, FIRST_MS * 2 ** Math.min(failures - 1, 30)) * (0.5 + random / 2);

interface Lane {
  /** First in, first out. */
  readonly items: Map<number, Waiting>;
  /** Its head is on its way. */
  busy: boolean;
  /** Failures of its head in a row. */
  failures: number;
  /** No earlier than this. */
  notBefore: number;
}

/** What to do now. */
export type Step =
  | { readonly do: "send" | "expire"; readonly item: Waiting }
  /** Nothing before so many milliseconds. */
  | { readonly do: "wait"; readonly ms: number }
  /** Nothing until something ends or is added. */
  | { readonly do: "rest" };

const REST: Step = { do: "rest" };

export interface PlanOptions {
  readonly maxAgeMs: number;
  readonly concurrency: number;
  readonly random: () => number;
}

/** All that waits, and the state of each conversation. */
export class Plan {
  readonly #options: PlanOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ids = new Map<number, Lane>();
  /** Lanes whose head may be sent, and lanes whose head failed; busy ones are in neither. */
  readonly #ready = new Set<Lane>();
  readonly #held = new Set<Lane>();
  #busy = 0;
  #pausedUntil = 0;
  #restUntil = 0;
  #failures = 0;
  #refusals = 0;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  /** How many wait or are on their way. */
  get size(): number {
    return this.#ids.size;
  }

  /** How many are on their way. */
  get busy(): number {
    return this.#busy;
  }

  has(id: number): boolean {
    return this.#ids.has(id);
  }

  /** Adds an event behind all others of its lane. */
  add(item: Waiting): void {
    let lane = this.#lanes.get(item.lane);
    if (!lane) {
      lane = { items: new Map(), busy: false, failures: 0, notBefore: 0 };
      this.#lanes.set(item.lane, lane);
      this.#ready.add(lane);
    }
    lane.items.set(item.id, item);
    this.#ids.set(item.id, lane);
  }

  /** Takes an event out, wherever in its lane it stands. */
  remove(id: number): void {
    const lane = this.#ids.get(id);
    if (!lane) return;
    const [head] = lane.items.values();
    const name = head?.lane ?? "";
    lane.items.delete(id);
    this.#ids.delete(id);
    // Another head has not failed yet.
    if (head?.id === id && !lane.busy) this.#free(lane);
    if (lane.items.size === 0 && !lane.busy) this.#forget(name, lane);
  }

  /** What to do now. A step to send or expire makes its lane busy until `settle` is called for it. */
  next(now: number): Step {
    for (const lane of this.#held) if (lane.notBefore <= now) this.#readyAgain(lane);
    const until = Math.max(this.#pausedUntil, this.#restUntil);
    const most = this.#failures >= FAILURES_IN_A_ROW ? 1 : this.#options.concurrency;
    if (this.#busy >= most) return REST;
    if (now < until && this.size > this.#busy) return { do: "wait", ms: until - now };
    const [lane] = this.#ready;
    if (lane) {
      const [item] = lane.items.values();
      if (!item) return REST;
      this.#ready.delete(lane);
      lane.busy = true;
      this.#busy += 1;
      return { do: now - item.queuedAt > this.#options.maxAgeMs ? "expire" : "send", item };
    }
    let earliest = Infinity;
    for (const { notBefore } of this.#held) earliest = Math.min(earliest, notBefore);
    return earliest === Infinity ? REST : { do: "wait", ms: earliest - now };
  }

  /** An event that was to be sent, or expired, has come to this. */
  settle(item: Waiting, verdict: Verdict, now: number): void {
    const lane = this.#lanes.get(item.lane);
    if (!lane?.busy) return;
    lane.busy = false;
    this.#busy -= 1;
    const { random } = this.#options;
    switch (verdict.is) {
      case "sent":
      case "refused":
        // Nothing got through for a while, and now it does: what failed meanwhile need not wait.
        if (this.#failures >= FAILURES_IN_A_ROW || this.#refusals > 0) this.retryNow();
        this.#failures = 0;
        this.#refusals = 0;
        return this.#take(item, lane);
      case "expired":
        return this.#take(item, lane);
      case "stopped":
        return this.#after(item.lane, lane);
      case "paused":
        this.#refusals += 1;
        if (verdict.ms !== undefined) this.pause(now + verdict.ms);
        else this.#restUntil = now + backoff(this.#refusals, random());
        return this.#after(item.lane, lane);
      case "failed":
        this.#failures += 1;
        if (this.#failures >= FAILURES_IN_A_ROW) {
          this.#restUntil = now + backoff(this.#failures - FAILURES_IN_A_ROW + 1, random(), LONGEST_REST_MS);
        }
        // It may have been taken out while it was on its way.
        if (!lane.items.has(item.id)) return this.#after(item.lane, lane);
        lane.failures += 1;
        lane.notBefore = now + backoff(lane.failures, random());
        this.#held.add(lane);
    }
  }

  /** Sends nothing before then; never shortens a pause. */
  pause(until: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
  }

  /** Tries what failed at once. A pause that the service asked for goes on. */
  retryNow(): void {
    this.#restUntil = 0;
    for (const lane of this.#held) this.#readyAgain(lane);
  }

  #take(item: Waiting, lane: Lane): void {
    lane.items.delete(item.id);
    this.#ids.delete(item.id);
    this.#after(item.lane, lane);
  }

  #after(name: string, lane: Lane): void {
    if (lane.items.size === 0) this.#forget(name, lane);
    else this.#free(lane);
  }

  #free(lane: Lane): void {
    lane.failures = 0;
    this.#readyAgain(lane);
  }

  #readyAgain(lane: Lane): void {
    this.#held.delete(lane);
    this.#ready.add(lane);
  }

  #forget(name: string, lane: Lane): void {
    this.#lanes.delete(name);
    this.#held.delete(lane);
    this.#ready.delete(lane);
  }
}
