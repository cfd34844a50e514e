// Sends what is in a store: whoever holds the store's lock does, as long as something waits. What to send and when is the plan's
// decision (policy.ts); here it is carried out.
import { entriesOf, laneOf, readEntry } from "./entry.js";
import type { EventEntry, ForgetScope } from "./entry.js";
import { failure } from "./errors.js";
import { covers } from "./forget.js";
import { host, sleep } from "./host.js";
import type { Signal } from "./host.js";
import { backoff, createPlan, judge } from "./policy.js";
import type { Plan, Step, Verdict, Waiting } from "./policy.js";
import { send } from "./prepare.js";
import type { OutboxClient, OutboxStore, QueuedEvent } from "./types.js";

/** How often the store is looked at for what other tabs and processes have added, while something waits. */
const POLL_MS = 1000;
/** A longer pause is kept in the store, for whoever sends next. */
const KEPT_PAUSE_MS = 2000;
/** The longest time that timers take, in every host. */
const MAX_SLEEP_MS = 0x7fff_ffff;
/** So long a flush waits for the lock before it asks whoever has it. */
const PATIENCE_MS = 250;

export interface DrainOptions {
  readonly client: OutboxClient;
  readonly store: OutboxStore;
  readonly maxAgeMs: number;
  readonly concurrency: number;
  readonly onDropped: (event: QueuedEvent, error: never) => unknown;
  /** Never throws. */
  readonly tell: (error: unknown) => void;
}

/** Sends what is in a store. */
export interface Drain {
  /** How many events were sent. */
  sent(): number;
  isClosed(): boolean;
  /** Sees to it that what is in the store gets sent. With `retry` what failed is tried at once. */
  run(retry?: boolean): void;
  /** Cuts short what is on its way and gives the lock to others. In a page in the back/forward cache, until it is shown again. */
  leave(): void;
  /** Resolves once everything was tried. */
  flush(signal?: Signal): Promise<void>;
  /** Takes what `request` covers out of the store, and resolves once it is gone and nothing of it is on its way. */
  forget(request: ForgetScope): Promise<void>;
  /** Stops, once what is on its way has ended. */
  close(): Promise<void>;
}

export function createDrain({ client, store, maxAgeMs, concurrency, onDropped, tell }: DrainOptions): Drain {
  let isOver = false;
  const isClosed = () => isOver;
  let running: Promise<void> | undefined;
  /** Aborted to give up the lock, or the wait for it. Each pass of `loop` makes one, and the first `run` starts a `loop`. */
  let turn: InstanceType<typeof host.AbortController>;
  // While the lock is held:
  let isLeading = false;
  let plan: Plan;
  /** Events on their way. */
  const flights = new Set<Promise<void>>();
  /** Entries that ask for a flush, of this program or another. */
  let nudges: number[];
  /** The number of the last entry that was read. */
  let seen: number;

  /** Something changed since the store was read. */
  let isDirty = false;
  let isRetry = false;
  let wake = () => {};
  let sent = 0;
  /** Those who wait until everything was tried. */
  const flushes: (() => void)[] = [];
  /** Events that were sent or dropped, and could not be removed. */
  const stale = new Set<number>();

  function run(retry = false): void {
    if (isOver) return;
    isDirty = true;
    isRetry ||= retry;
    wake();
    running ??= loop();
  }

  const leave = () => {
    turn.abort();
    wake();
  };
  const add = (entry: object) => store.add({ outbox: 1, ...entry }, Infinity) as Promise<number>;
  const answer = (waiting: (() => void)[]) => waiting.splice(0).forEach((resolve) => resolve());
  /** Waits for `ms`, or until `wake` is called. */
  const rest = (ms: number): Promise<void> => {
    const over = new host.AbortController();
    wake = () => over.abort();
    // What happened since the last look must not be slept over.
    if (isDirty || isOver) wake();
    return sleep(ms, over.signal, true);
  };

  /** Waits until somebody who holds the lock has removed an entry. */
  async function untilGone(id: number, over?: Signal): Promise<void> {
    for (let wait = 4; !isOver && !over?.aborted; wait = Math.min(wait * 2, 100)) {
      const [entry] = await store.list(id - 1, 1);
      if (entry?.id !== id) return;
      await sleep(wait);
    }
  }

  /** Asks whoever else holds the lock to try everything, if somebody does; resolves once that is done. */
  async function nudge(over: Signal): Promise<void> {
    await sleep(PATIENCE_MS, over);
    // This outbox holds the lock itself by now: `lead` answers the flush, and nobody has to be asked.
    if (isLeading || over.aborted) await sleep(MAX_SLEEP_MS, over);
    else await untilGone(await add({ kind: "flush" }), over);
  }

  async function loop(): Promise<void> {
    for (let failures = 0; isDirty && !isOver;) {
      isDirty = false;
      turn = new host.AbortController();
      try {
        await store.lock(lead, turn.signal);
        failures = 0;
      } catch (error) {
        if (!turn.signal.aborted) {
          tell(error);
          answer(flushes);
          await rest(backoff(++failures, Math.random()));
        }
        isDirty = true;
      }
      // In a page in the back/forward cache this goes on once it is shown again.
      if (turn.signal.aborted) await sleep(0);
    }
    running = undefined;
  }

  /** Sends, until nothing waits any more or the lock is lost. */
  async function lead(lost: Signal): Promise<void> {
    plan = createPlan({ maxAgeMs, concurrency, random: Math.random });
    nudges = [];
    seen = 0;
    const flushing: (() => void)[] = [];
    isLeading = isDirty = true;
    lost.addEventListener("abort", leave);
    try {
      for (let readAt = 0; !turn.signal.aborted && !isOver;) {
        if (isDirty || Math.abs(Date.now() - readAt) >= POLL_MS) {
          isDirty = false;
          readAt = Date.now();
          const before = nudges.length;
          await read();
          flushing.push(...flushes.splice(0));
          if (isRetry || nudges.length > before) plan.retryNow();
          isRetry = false;
        }
        const step = plan.next(Date.now());
        if (step.do === "send" || step.do === "expire") {
          start(step.do, step.item);
          continue;
        }
        if (flights.size === 0) {
          if (nudges.length > 0) await remove(nudges.splice(0));
          answer(flushing);
          // Another tab that added something waits for the lock.
          if (plan.size() === 0 && !isDirty) break;
        }
        await rest(step.do === "wait" ? Math.min(step.ms, POLL_MS) : POLL_MS);
      }
    } finally {
      await Promise.all(flights);
      isLeading = false;
      // What was not done is tried with the next turn.
      flushes.push(...flushing);
      if (turn.signal.aborted) isDirty = true;
    }
  }

  /** Reads what was added since. */
  async function read(): Promise<void> {
    if (stale.size > 0) await remove([]);
    for await (const { id, value } of entriesOf(store, seen)) {
      seen = id;
      const entry = readEntry(value);
      if (!entry) await setAside(id, value);
      else if (entry.kind === "event") {
        if (!stale.has(id)) plan.add({ id, lane: laneOf(entry.event), queuedAt: entry.queued_at });
      } else if (entry.kind === "forget") await takeOut(id, entry.request);
      else if (entry.kind === "flush") nudges.push(id);
      else if (entry.kind === "pause") {
        plan.pause(entry.until);
        if (entry.until <= Date.now()) await remove([id]);
      }
    }
  }

  /** Carries out a step, beside others. */
  function start(what: Step["do"], item: Waiting): void {
    const flight = process(what === "expire", item)
      .catch((error): Verdict => {
        tell(error);
        return "failed";
      })
      .then((verdict) => {
        flights.delete(flight);
        if (!verdict) plan.remove(item.id);
        plan.settle(item, verdict ?? "stopped", Date.now());
        wake();
      });
    flights.add(flight);
  }

  /** Sends an event, or gives it up, and removes it. Nothing is given for one that is not there any more. */
  async function process(isTooOld: boolean, { id }: Waiting): Promise<Verdict | undefined> {
    // Another tab may have removed it; and only what is on its way is held in memory.
    const [found] = await store.list(id - 1, 1);
    const entry = found?.id === id && readEntry(found.value);
    if (!entry || entry.kind !== "event") return undefined;
    const verdict = await (isTooOld
      ? drop(entry, "expired", failure(`The event was not sent: it has waited longer than ${maxAgeMs} ms (maxAgeMs).`, { idempotencyKey: entry.event.idempotency_key }))
      : attempt(entry));
    if (verdict === "sent" || verdict === "refused" || verdict === "expired") await remove([id]);
    return verdict;
  }

  async function attempt(entry: EventEntry): Promise<Verdict> {
    try {
      await send(client, entry, { signal: turn.signal });
      sent += 1;
      return "sent";
    } catch (error) {
      const verdict = judge(error);
      if (verdict === "refused") return drop(entry, verdict, error);
      if (verdict === "stopped" && turn.signal.aborted) return verdict;
      tell(error);
      const ms = (typeof verdict === "object" && verdict.pauseMs) || 0;
      if (ms > KEPT_PAUSE_MS) await add({ kind: "pause", until: Date.now() + ms }).catch(tell);
      return verdict === "stopped" ? "failed" : verdict;
    }
  }

  /** Tells of an event that is given up. One of which nobody could be told is kept. */
  async function drop({ event }: EventEntry, verdict: Verdict, error: unknown): Promise<Verdict> {
    try {
      await onDropped(event, error as never);
      return verdict;
    } catch (thrown) {
      tell(thrown);
      return "failed";
    }
  }

  /** Removes entries; those that cannot be removed are not sent again, and removed later. */
  async function remove(ids: readonly number[]): Promise<void> {
    ids.forEach((id) => stale.add(id));
    const all = [...stale];
    try {
      await store.remove(all);
      all.forEach((id) => stale.delete(id));
    } catch (error) {
      tell(error);
    }
  }

  /** Keeps what cannot be read, out of the way. */
  async function setAside(id: number, value: unknown): Promise<void> {
    tell(failure(`Entry ${id} cannot be read: damaged() has it now.`, { details: value }));
    try {
      await add({ kind: "damaged", found_at: Date.now(), value });
      await store.remove([id]);
    } catch (error) {
      tell(error);
    }
  }

  /** Removes all that stands before entry `id` and is covered, and the entry itself: then the work is done. */
  async function takeOut(id: number, request: ForgetScope): Promise<void> {
    // What is on its way arrives before the deletion, or not at all.
    await Promise.all(flights);
    const gone: number[] = [];
    for await (const one of entriesOf(store)) {
      if (one.id >= id) break;
      const entry = readEntry(one.value);
      if (entry?.kind === "event" && covers(request, entry.event as never)) gone.push(one.id);
    }
    await store.remove([...gone, id]);
    gone.forEach(plan.remove);
  }

  return {
    sent: () => sent,
    isClosed,
    run,
    async flush(signal) {
      const over = new host.AbortController();
      const end = () => over.abort();
      if (signal?.aborted) end();
      signal?.addEventListener("abort", end);
      const tried = new Promise<void>((resolve) => flushes.push(resolve));
      run(true);
      await Promise.race([tried, nudge(over.signal).catch(tell)]);
      signal?.removeEventListener("abort", end);
      end();
    },
    async forget(request) {
      const id = await add({ kind: "forget", request });
      run();
      await untilGone(id);
      if (isClosed()) throw failure("The outbox was closed: nothing was deleted at the service.");
    },
    leave,
    async close() {
      isOver = true;
      wake();
      // Whoever waits for the lock stops waiting. Whoever holds it lets what is on its way arrive.
      if (!isLeading) leave();
      await running;
      answer(flushes);
    },
  };
}
