// A long run of one client, in Node, Deno or Bun: what every thousand calls took, and what memory was used before, between and
// after.   flat.mjs '{ name, calls, concurrent }'
import { CALLS, KEY, NOWHERE, stub } from "./workload.mjs";

const WINDOW = 1000;
const { name, calls, concurrent } = JSON.parse(process.argv[2]);

// The package does not export its module, so its instance is caught where it is made.
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    instances.push(this);
  }
};
const { make } = await import(`../clients/${name}.mjs`);
WebAssembly.Instance = Instance;

const client = make({ url: NOWHERE, key: KEY, fetch: stub });
const collect = () => (globalThis.Bun ? globalThis.Bun.gc(true) : globalThis.gc());

async function memory() {
  // What finalizers free is only garbage in the next round.
  for (let i = 0; i < 5; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const wasm = instances.flatMap(({ exports }) => Object.values(exports)).filter((one) => one instanceof WebAssembly.Memory);
  const { heapUsed, rss } = process.memoryUsage();
  // Growing by nothing gives the pages there are. To ask for the buffer would be seen in what is measured: Bun counts it once more.
  return { heap: heapUsed, rss, wasm: wasm.reduce((sum, one) => sum + one.grow(0) * 65_536, 0) };
}

async function sequential(count) {
  const began = performance.now();
  for (let i = 0; i < count; i++) await CALLS.ingest(client);
  return (performance.now() - began) * 1000 / count;
}

async function atOnce(count) {
  const began = performance.now();
  await Promise.all(Array.from({ length: count }, () => CALLS.ingest(client)));
  return (performance.now() - began) * 1000 / count;
}

// As much at once as later, so that what grows for it has grown.
await atOnce(concurrent);
for (let i = 0; i < 20; i++) await sequential(WINDOW);
const before = await memory();
const windows = [];
for (let done = 0; done < calls; done += WINDOW) windows.push(await sequential(WINDOW));
const between = await memory();
const together = await atOnce(concurrent);
const after = await memory();
console.log(`@bench ${JSON.stringify({ windows, together, before, between, after })}`);
process.exit(0);
