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
  | "sent"
  /** The service will never take it: it goes, and its followers are free. */
  | "refused"
  /** It waited too long: the same, but nothing is known of the service. */
  | "expired"
  /** It is tried again later; its followers wait, other conversations go on. */
  | "failed"
  /** It was cut short by the outbox itself, or was not there any more, and counts for nothing. */
  | "stopped"
  /** All wait: as long as the service asked for, or as after a failure. */
  | { readonly pauseMs: number | undefined };

/** What an error of the client's ingest means. Errors are told by their fields: they may be of another copy of the client. */
export function judge(error: unknown): Verdict {
  // Where there is no status all that compares it is false.
  const { name, status, retryAfterMs } = (error ?? {}) as { name?: unknown; status: number; retryAfterMs?: number };
  if (name === "AbortError") return "stopped";
  // It was valid when it was queued: the rules have changed since, and sending it never succeeds.
  if (name === "ClaivValidationError") return "refused";
  // 401 is about the key, 407 about a proxy: no event is at fault, and none could be sent.
  if (retryAfterMs !== undefined || status === 429 || status === 401 || status === 407) return { pauseMs: retryAfterMs };
  // 408 and 425 say of themselves that the request may be sent again.
  return status >= 400 && status < 500 && status !== 408 && status !== 425 ? "refused" : "failed";
}

/** The wait before the first new try; doubled with each failure. */
export const FIRST_MS = 1000;
/** The longest wait between two tries, but for what the service asks. */
export const MAX_BACKOFF_MS = 300_000;
/** After so many failures in a row, of whatever conversations, one event is tried at a time. */
export const FAILURES_IN_A_ROW = 3;
/** The longest rest between two such tries. */
export const MAX_REST_MS = 5000;

/** The wait after `failures` failures. `random` is from 0 up to 1: half of the wait is left to chance. */
export const backoff = (failures: number, random: number, longest = MAX_BACKOFF_MS): number =>
  Math.min(longest, FIRST_MS * 2 ** (failures - 1)) * (0.5 + random / 2);

interface Lane {
  readonly name: string;
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
export interface Plan {
  /** How many wait or are on their way. */
  size(): number;
  /** Adds an event behind all others of its lane. */
  add(item: Waiting): void;
  /** Takes an event out, wherever in its lane it stands. */
  remove(id: number): void;
  /** What to do now. A step to send or expire makes its lane busy until `settle` is called for it. */
  next(now: number): Step;
  /** An event that was to be sent, or expired, has come to this. */
  settle(item: Waiting, verdict: Verdict, now: number): void;
  /** Sends nothing before then; never shortens a pause. */
  pause(until: number): void;
  /** Tries what failed at once. A pause that the service asked for goes on. */
  retryNow(): void;
}

export function createPlan({ maxAgeMs, concurrency, random }: PlanOptions): Plan {
  const lanes = new Map<string, Lane>();
  const laneOfId = new Map<number, Lane>();
  /** Lanes whose head may be sent, and lanes whose head failed; busy ones are in neither. */
  const ready = new Set<Lane>();
  const held = new Set<Lane>();
  let busy = 0;
  let pausedUntil = 0;
  let restUntil = 0;
  /** In a row, whichever conversation they were of. */
  let failures = 0;
  let pauses = 0;

  const release = (lane: Lane) => {
    held.delete(lane);
    ready.add(lane);
  };

  /** A lane that is not busy any more, or has another head: it goes on, or where it is empty, goes. */
  const goOn = (lane: Lane) => {
    lane.failures = 0;
    release(lane);
    if (lane.items.size === 0) {
      ready.delete(lane);
      lanes.delete(lane.name);
    }
  };

  const take = (id: number, lane: Lane) => {
    lane.items.delete(id);
    laneOfId.delete(id);
  };

  const retryNow = () => {
    restUntil = 0;
    held.forEach(release);
  };

  return {
    size: () => laneOfId.size,

    add(item) {
      let lane = lanes.get(item.lane);
      if (!lane) {
        lane = { name: item.lane, items: new Map(), busy: false, failures: 0, notBefore: 0 };
        lanes.set(lane.name, lane);
        ready.add(lane);
      }
      lane.items.set(item.id, item);
      laneOfId.set(item.id, lane);
    },

    remove(id) {
      const lane = laneOfId.get(id);
      if (!lane) return;
      const [head] = lane.items.keys();
      take(id, lane);
      if (head === id && !lane.busy) goOn(lane);
    },

    next(now) {
      for (const lane of held) if (lane.notBefore <= now) release(lane);
      if (busy >= (failures < FAILURES_IN_A_ROW ? concurrency : 1)) return REST;
      const until = Math.max(pausedUntil, restUntil);
      if (now < until) return laneOfId.size > busy ? { do: "wait", ms: until - now } : REST;
      for (const lane of ready) {
        for (const item of lane.items.values()) {
          ready.delete(lane);
          lane.busy = true;
          busy += 1;
          return { do: now - item.queuedAt > maxAgeMs ? "expire" : "send", item };
        }
      }
      const earliest = Math.min(...[...held].map(({ notBefore }) => notBefore));
      return held.size > 0 ? { do: "wait", ms: earliest - now } : REST;
    },

    settle(item, verdict, now) {
      const lane = lanes.get(item.lane);
      if (!lane?.busy) return;
      lane.busy = false;
      busy -= 1;
      if (verdict === "failed") {
        failures += 1;
        if (failures >= FAILURES_IN_A_ROW) restUntil = now + backoff(failures - FAILURES_IN_A_ROW + 1, random(), MAX_REST_MS);
        // It may have been taken out while it was on its way.
        if (lane.items.has(item.id)) {
          lane.failures += 1;
          lane.notBefore = now + backoff(lane.failures, random());
          held.add(lane);
          return;
        }
      } else if (typeof verdict === "object") {
        pauses += 1;
        if (verdict.pauseMs === undefined) restUntil = now + backoff(pauses, random());
        else this.pause(now + verdict.pauseMs);
      } else if (verdict !== "stopped") {
        take(item.id, lane);
        if (verdict !== "expired") {
          // Nothing got through for a while, and now it does: what failed meanwhile need not wait.
          if (failures >= FAILURES_IN_A_ROW || pauses > 0) retryNow();
          failures = pauses = 0;
        }
      }
      goOn(lane);
    },

    pause(until) {
      pausedUntil = Math.max(pausedUntil, until);
    },

    retryNow,
  };
}
