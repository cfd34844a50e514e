/** Calls `work` for each item, `most` at a time, and gives the results in the order of the items. The first error rejects. */
export async function inParallel(items, most, work) {
  const results = Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
