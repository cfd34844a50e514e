/** What an adapter uses of lock.js. */
export class Lock {
  static take(path: string): Promise<Lock>;
  check(): void;
  release(): void;
}
