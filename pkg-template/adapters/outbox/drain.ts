// Sends what is in a store: whoever holds the store's lock does, as long as something waits. What to send and when is the plan's
// decision (policy.ts); here it is carried out.
import { laneOf, readEntry } from "./entry.js";
import type { EventEntry, ForgetScope } from "./entry.js";
import { failure } from "./errors.js";
import { covers } from "./forget.js";
import { host, sleep } from "./host.js";
import type { Signal } from "./host.js";
import { Plan, backoff, judge } from "./policy.js";
import type { Step, Verdict, Waiting } from "./policy.js";
import { send } from "./prepare.js";
import type { OutboxClient, OutboxStore, QueuedEvent, StoreEntry } from "./types.js";

/** How often the store is looked at for what other tabs and processes have added, while something waits. */
const POLL_MS = 1000;
/** How many entries are read at once. */
const PAGE = 200;
/** A longer pause is kept in the store, for whoever sends next. */
const KEPT_PAUSE_MS = 2000;
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

/** All entries above `after`, page by page. */
export async function* entriesOf(store: OutboxStore, after = 0): AsyncGenerator<StoreEntry> {
  for (let last = after; ;) {
    const page = await store.list(last, PAGE);
    yield* page;
    if (page.length < PAGE) return;
    last = page.at(-1)?.id ?? last;
  }
}

/** What is true while the lock is held. */
interface Turn {
  readonly plan: Plan;
  readonly lost: Signal;
  /** Events on their way. */
  readonly flights: Set<Promise<void>>;
  /** Entries that ask for a flush, of this program or another. */
  readonly nudges: number[];
  /** The number of the last entry that was read. */
  seen: number;
}

export class Drain {
  readonly #options: DrainOptions;
  readonly #stop = new host.AbortController();
  #running: Promise<void> | undefined;
  #isLeading = false;
  /** Something changed since the store was read. */
  #isDirty = false;
  #isRetry = false;
  #wake = (): void => {};
  #flushes: (() => void)[] = [];
  /** Events that were sent or dropped, and could not be removed. */
  readonly #stale = new Set<number>();

  /** How many events were sent. */
  sent = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Sees to it that what is in the store gets sent. With `retry` what failed is tried at once. */
  run(retry = false): void {
    if (this.isClosed) return;
    this.#isDirty = true;
    this.#isRetry ||= retry;
    this.#wake();
    this.#running ??= this.#loop();
  }

  /** Resolves once everything was tried. */
  async flush(signal?: Signal): Promise<void> {
    const over = new host.AbortController();
    const tried = new Promise<void>((resolve) => this.#flushes.push(resolve));
    this.run(true);
    const given = new Promise<void>((resolve) => {
      if (signal?.aborted) resolve();
      signal?.addEventListener("abort", resolve, { once: true });
    });
    await Promise.race([tried, given, this.#nudge(over.signal)]);
    over.abort();
  }

  /** Takes what `request` covers out of the store, and resolves once it is gone and nothing of it is on its way. */
  async forget(request: ForgetScope): Promise<void> {
    const id = await this.#options.store.add({ outbox: 1, kind: "forget", request }, Infinity);
    this.run();
    await this.#untilGone(id as number, this.#stop.signal);
    if (this.isClosed) throw failure("The outbox was closed before it had removed what waits: nothing was deleted at the service.");
  }

  /** Stops, once what is on its way has ended. */
  async close(): Promise<void> {
    this.#stop.abort(failure("The outbox is closed."));
    this.#wake();
    await this.#running;
    this.#answer(this.#flushes.splice(0));
  }

  /** Asks whoever else holds the lock, if somebody does. */
  async #nudge(over: Signal): Promise<void> {
    await sleep(PATIENCE_MS, over);
    if (this.#isLeading || over.aborted) return over.aborted ? undefined : new Promise(() => {});
    const id = await this.#options.store.add({ outbox: 1, kind: "flush" }, Infinity);
    await this.#untilGone(id as number, over);
  }

  async #untilGone(id: number, over: Signal): Promise<void> {
    for (let wait = 4; !over.aborted; wait = Math.min(wait * 2, 100)) {
      const [entry] = await this.#options.store.list(id - 1, 1);
      if (entry?.id !== id) return;
      await sleep(wait, over);
    }
  }

  #answer(waiting: readonly (() => void)[]): void {
    for (const resolve of waiting) resolve();
  }

  async #loop(): Promise<void> {
    for (let failures = 0; this.#isDirty && !this.isClosed;) {
      this.#isDirty = false;
      try {
        await this.#options.store.lock((lost) => this.#lead(lost), this.#stop.signal);
        failures = 0;
      } catch (error) {
        if (this.isClosed) break;
        this.#options.tell(error);
        this.#answer(this.#flushes.splice(0));
        await this.#rest(backoff(++failures, Math.random()));
        this.#isDirty = true;
      }
    }
    this.#running = undefined;
  }

  /** Sends, until nothing waits any more or the lock is lost. */
  async #lead(lost: Signal): Promise<void> {
    const { maxAgeMs, concurrency } = this.#options;
    const plan = new Plan({ maxAgeMs, concurrency, random: Math.random });
    const turn: Turn = { plan, lost, flights: new Set(), nudges: [], seen: 0 };
    this.#isLeading = true;
    this.#isDirty = true;
    let flushing: (() => void)[] = [];
    try {
      for (let readAt = 0; !lost.aborted && !this.isClosed;) {
        if (this.#isDirty || Math.abs(Date.now() - readAt) >= POLL_MS) {
          this.#isDirty = false;
          readAt = Date.now();
          const nudges = turn.nudges.length;
          await this.#read(turn);
          flushing.push(...this.#flushes.splice(0));
          if (this.#isRetry || turn.nudges.length > nudges) plan.retryNow();
          this.#isRetry = false;
        }
        const step = plan.next(Date.now());
        if (step.do === "send" || step.do === "expire") {
          this.#start(step.do, step.item, turn);
          continue;
        }
        if (turn.flights.size === 0) {
          if (turn.nudges.length > 0) await this.#remove(turn.nudges.splice(0));
          this.#answer(flushing.splice(0));
          // Another tab that added something waits for the lock.
          if (plan.size === 0 && !this.#isDirty) break;
        }
        if (!this.#isDirty) await this.#rest(step.do === "wait" ? Math.min(step.ms, POLL_MS) : POLL_MS);
      }
    } finally {
      await Promise.all(turn.flights);
      this.#isLeading = false;
      // What was not done is tried with the next turn.
      this.#flushes.push(...flushing);
      if (lost.aborted) this.#isDirty = true;
    }
  }

  #rest(ms: number): Promise<void> {
    const over = new host.AbortController();
    this.#wake = () => over.abort();
    return sleep(ms, over.signal, true);
  }

  /** Reads what was added since. */
  async #read(turn: Turn): Promise<void> {
    if (this.#stale.size > 0) await this.#remove([]);
    for await (const { id, value } of entriesOf(this.#options.store, turn.seen)) {
      turn.seen = id;
      const entry = readEntry(value);
      switch (entry?.kind) {
        case undefined:
          await this.#setAside(id, value);
          break;
        case "event":
          if (!this.#stale.has(id)) turn.plan.add({ id, lane: laneOf(entry.event), queuedAt: entry.queued_at });
          break;
        case "forget":
          await this.#takeOut(id, entry.request, turn);
          break;
        case "flush":
          turn.nudges.push(id);
          break;
        case "pause":
          turn.plan.pause(entry.until);
          if (entry.until <= Date.now()) await this.#remove([id]);
      }
    }
  }

  /** Carries out a step, beside others. */
  #start(what: Step["do"], item: Waiting, turn: Turn): void {
    const flight = this.#process(what, item, turn)
      .catch((error): Verdict => {
        this.#options.tell(error);
        return { is: "failed" };
      })
      .then((verdict) => {
        turn.flights.delete(flight);
        turn.plan.settle(item, verdict, Date.now());
        this.#wake();
      });
    turn.flights.add(flight);
  }

  async #process(what: Step["do"], item: Waiting, turn: Turn): Promise<Verdict> {
    // It may have been removed by another tab; and only what is on its way is held in memory.
    const [found] = await this.#options.store.list(item.id - 1, 1);
    const entry = found?.id === item.id ? readEntry(found.value) : undefined;
    if (entry?.kind !== "event") {
      turn.plan.remove(item.id);
      if (found?.id === item.id) await this.#setAside(item.id, found.value);
      return { is: "stopped" };
    }
    const verdict = await (what === "expire" ? this.#drop(entry, { is: "expired" }, this.#tooOld(entry)) : this.#try(entry, turn.lost));
    if (verdict.is === "sent" || verdict.is === "refused" || verdict.is === "expired") await this.#remove([item.id]);
    return verdict;
  }

  async #try(entry: EventEntry, lost: Signal): Promise<Verdict> {
    const { client, store, tell } = this.#options;
    try {
      await send(client, entry, { signal: lost });
      this.sent += 1;
      return { is: "sent" };
    } catch (error) {
      const verdict = judge(error);
      if (verdict.is === "refused") return this.#drop(entry, verdict, error);
      if (verdict.is === "stopped") return lost.aborted ? verdict : { is: "failed" };
      tell(error);
      if (verdict.is === "paused" && (verdict.ms ?? 0) > KEPT_PAUSE_MS) {
        await store.add({ outbox: 1, kind: "pause", until: Date.now() + (verdict.ms ?? 0) }, Infinity).catch(tell);
      }
      return verdict;
    }
  }

  /** Tells of an event that is given up. One of which nobody could be told is kept. */
  async #drop({ event }: EventEntry, verdict: Verdict, error: unknown): Promise<Verdict> {
    try {
      await this.#options.onDropped(event, error as never);
      return verdict;
    } catch (thrown) {
      this.#options.tell(thrown);
      return { is: "failed" };
    }
  }

  #tooOld({ event, queued_at }: EventEntry): unknown {
    const { maxAgeMs } = this.#options;
    return failure(`The event was not sent: it waited ${Date.now() - queued_at} ms, and maxAgeMs is ${maxAgeMs}.`, { idempotencyKey: event.idempotency_key });
  }

  /** Removes entries; those that cannot be removed are not sent again, and removed later. */
  async #remove(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#stale.add(id);
    const all = [...this.#stale];
    try {
      await this.#options.store.remove(all);
      for (const id of all) this.#stale.delete(id);
    } catch (error) {
      this.#options.tell(error);
    }
  }

  /** Keeps what cannot be read, out of the way. */
  async #setAside(id: number, value: unknown): Promise<void> {
    const { store, tell } = this.#options;
    tell(failure(`Entry ${id} of the outbox cannot be read. It is set aside: damaged() has it.`, { details: value }));
    try {
      await store.add({ outbox: 1, kind: "damaged", found_at: Date.now(), value }, Infinity);
      await store.remove([id]);
    } catch (error) {
      tell(error);
    }
  }

  /** Removes all that stands before entry `id` and is covered, and at last the entry itself: then the work is done. */
  async #takeOut(id: number, request: ForgetScope, turn: Turn): Promise<void> {
    // What is on its way arrives before the deletion, or not at all.
    await Promise.all(turn.flights);
    const gone: number[] = [];
    for await (const one of entriesOf(this.#options.store)) {
      if (one.id >= id) break;
      const entry = readEntry(one.value);
      if (entry?.kind === "event" && covers(request, entry.event as never)) gone.push(one.id);
    }
    await this.#options.store.remove([...gone, id]);
    for (const one of gone) turn.plan.remove(one);
  }
}
