// A process of Node, Deno or Bun that compares one client with the hand-written one:   compare.mjs '{ name, plans, url? }'
import { compare } from "./slices.mjs";

const options = JSON.parse(process.argv[2]);
const hand = await import("../clients/hand-written.mjs");
// A copy of its own, so that the hand-written client beside itself is a control that shares no function with it.
const other = await import(`../clients/${options.name}.mjs?other`);
console.log(`@bench ${JSON.stringify(await compare([hand.make, other.make], options))}`);
process.exit(0);
