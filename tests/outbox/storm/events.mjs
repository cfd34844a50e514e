// The events of the storm, by their numbers.

/** Of different conversations, so that they may be queued at once. */
const AT_ONCE = 20;

export const eventOf = (n) => ({ user_id: `u${n % 10}`, thread_id: `t${n % 100}`, type: "message", content: `event ${n}`, metadata: { n }, idempotency_key: `key-${n}` });

/** The events from `first` on, in the groups in which they are queued, each with the number behind its last. */
export function* groupsOf(first, events) {
  for (let n = first; n < events; n += AT_ONCE) {
    const next = Math.min(n + AT_ONCE, events);
    yield { next, group: Array.from({ length: next - n }, (_, i) => eventOf(n + i)) };
  }
}
