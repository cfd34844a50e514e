// Medians, and how far the middle half of the figures lies around them.

/** The value below which a share of the figures lies. */
export function quantile(figures, share) {
  const sorted = [...figures].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  return sorted[below] + ((sorted[below + 1] ?? sorted[below]) - sorted[below]) * (place - below);
}

export const median = (figures) => quantile(figures, 0.5);

/** { median, low, high, of }: the quartiles of as many figures. */
export const spread = (figures) => ({ median: median(figures), low: quantile(figures, 0.25), high: quantile(figures, 0.75), of: figures.length });
