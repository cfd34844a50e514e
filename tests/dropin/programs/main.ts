// For Node, Deno and Bun: prints the results on a line of their own.
import { run } from "./cases.ts";

console.log(`@conformance ${JSON.stringify(await run(crypto.randomUUID()))}`);
