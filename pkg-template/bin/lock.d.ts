/** The lock of lock.js, as far as adapters use it. */
export class Lock {
  /** Takes the lock file at this path; rejects if another process holds it. */
  static take(path: string): Promise<Lock>;
  /** Throws if this process does not hold the lock any more. */
  check(): void;
  /** Removes the lock, if this process still holds it. */
  release(): void;
}
