// Random numbers that are the same for the same seed.

/** A generator of numbers in [0, 1) for a seed and any further numbers: the same for the same arguments. */
export function randomOf(...seeds) {
  let state = 0x9e3779b9;
  for (const seed of seeds) state = Math.imul(state ^ seed, 0x85ebca6b) ^ (state >>> 13);
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed that was given as CLAIV_SEED, else a new one. Whoever uses it prints it. */
export function chooseSeed(given = process.env.CLAIV_SEED) {
  const seed = given ? Number(given) : Math.floor(Math.random() * 2 ** 31);
  if (!Number.isSafeInteger(seed)) throw new Error(`the seed must be a whole number, not ${given}`);
  return seed;
}
