// What the page remembers from visit to visit. A browser that is told to store nothing throws: the choice then lasts as long as the page.

/** What was kept under a name; undefined if nothing was. */
export function kept(name) {
  try {
    return localStorage.getItem(`claiv-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a text under a name. */
export function keep(name, text) {
  try {
    localStorage.setItem(`claiv-${name}`, text);
  } catch {
    // The browser stores nothing: the choice lasts as long as the page.
  }
}
