// The emulator served by Bun: what is peculiar to that server.
import { ClaivEmulator } from "claiv-memory/emulator";

/** An answer that is dropped in its middle begins, and then breaks off. */
async function dropped() {
  const emulator = new ClaivEmulator();
  const server = Bun.serve({ port: 0, fetch: emulator.fetch });
  try {
    emulator.addFault({ drop: true, truncateBytes: 10 });
    const response = await fetch(new URL("/healthz", server.url));
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const text = await response.text().catch(() => undefined);
    if (text !== undefined) throw new Error(`the body came whole: ${text}`);
    if (!(await fetch(new URL("/healthz", server.url))).ok) throw new Error("it does not live on");
  } finally {
    server.stop(true);
  }
}

const name = "served by Bun, an answer that is dropped in its middle begins";
const result = await dropped().then(() => ({ outcome: "passed" }), (error) => ({ outcome: "failed", message: String(error?.stack ?? error) }));
console.log(`@conformance ${JSON.stringify([{ group: "served", name, ms: 0, ...result }])}`);
