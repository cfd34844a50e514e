// One at a time where the host has no lock: a lease in the store, that its holder renews and that ends by itself.
import { host, randomName, sleep } from "./host.js";
import type { Signal } from "./host.js";

/** How long a lease holds. */
const LEASE_MS = 15_000;
const RENEW_MS = 5000;
/** How often somebody who waits looks. */
const LOOK_MS = 500;

/** What is stored of a lease. */
export interface Lease {
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Whether `holder` may take what stands there at present. */
export const isFree = (lease: Lease | undefined | null, holder: string, now: number): boolean =>
  !lease || lease.holder === holder || !(lease.until > now);

/**
 * Runs `work` under a lease. `swap(lease)` puts it in the place of the one before, in one step, if `isFree` says so, and gives something
 * true where it did.
 */
export async function withLease<T>(swap: (lease: Lease) => Promise<unknown>, work: (lost: Signal) => Promise<T>, signal: Signal): Promise<T> {
  const holder = randomName();
  let until = 0;
  const take = async (ms: number) => {
    const next = Date.now() + ms;
    const isTaken = await swap({ holder, until: next });
    if (isTaken) until = next;
    return isTaken;
  };
  while (!(await take(LEASE_MS))) {
    await sleep(LOOK_MS, signal, true);
    if (signal.aborted) throw signal.reason;
  }
  const lost = new host.AbortController();
  const over = new host.AbortController();
  const renewing = (async () => {
    for (;;) {
      await sleep(RENEW_MS, over.signal, true);
      if (over.signal.aborted) return;
      // A store that fails for a moment does not end the lease; its end does.
      if (!(await take(LEASE_MS).catch(() => Date.now() < until))) return lost.abort();
    }
  })();
  try {
    return await work(lost.signal);
  } finally {
    over.abort();
    await renewing;
    if (!lost.signal.aborted) await take(0).catch(() => {});
  }
}
