// Two folders compared byte by byte.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Every file under a folder by its path, with "/" between the parts, sorted. */
export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
}

/** One sentence for each file that only one folder has or whose bytes differ; none if the folders are the same. */
export function differences(one, other) {
  const [left, right] = [filesUnder(one), filesUnder(other)];
  const both = new Set(left.filter((name) => right.includes(name)));
  return [
    ...left.filter((name) => !both.has(name)).map((name) => `${name} is only in the first`),
    ...right.filter((name) => !both.has(name)).map((name) => `${name} is only in the second`),
    ...[...both].flatMap((name) => differs(name, readFileSync(join(one, name)), readFileSync(join(other, name)))),
  ];
}

function differs(name, a, b) {
  if (a.equals(b)) return [];
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at += 1;
  return [`${name} differs from byte ${at} on (${a.length} and ${b.length} bytes)`];
}
