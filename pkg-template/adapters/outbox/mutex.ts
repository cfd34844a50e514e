// One at a time, within this process.
import type { Signal } from "./host.js";

/** Runs one piece of work at a time, in the order in which they were given. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` once it is its turn; rejects with the signal's reason if that fires before. */
  run<T>(work: () => Promise<T>, signal?: Signal): Promise<T> {
    let begun = false;
    const turn = this.#last.then(() => {
      if (signal?.aborted) throw signal.reason;
      begun = true;
      return work();
    });
    this.#last = turn.catch(() => {});
    if (!signal) return turn;
    return new Promise((resolve, reject) => {
      const give = () => { if (!begun) reject(signal.reason); };
      if (signal.aborted) give();
      signal.addEventListener("abort", give, { once: true });
      turn.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
    });
  }
}
