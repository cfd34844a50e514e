// A process that stood still, as in AWS Lambda between two events, finds answer and timer both due: the answer is what counts.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import test from "node:test";
import { sleep } from "./support.mjs";

const TIMEOUT = 400;
const ROUNDS = 5;
const PROGRAM = new URL("frozen-program.mjs", import.meta.url);

/** Answers when told to: `begin` before the client is frozen, `finish` while it is. */
async function serveInTwo(t, { begin, finish }) {
  const server = createServer((incoming, outgoing) => incoming.resume().on("end", () => server.emit("asked", outgoing)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const asked = async () => {
    const [outgoing] = await once(server, "asked");
    begin(outgoing);
    return () => finish(outgoing);
  };
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

const head = (outgoing) => outgoing.writeHead(200, { "content-type": "application/json" });
const ANSWER = JSON.stringify({ ok: true, filler: "x".repeat(30_000) });
const PARTS = {
  "the whole answer": { begin() {}, finish: (outgoing) => head(outgoing).end(ANSWER) },
  "the rest of a body": { begin: (outgoing) => head(outgoing).write(ANSWER.slice(0, 10)), finish: (outgoing) => outgoing.end(ANSWER.slice(10)) },
};

for (const [what, parts] of Object.entries(PARTS)) {
  for (const option of ["timeout", "totalTimeout"]) {
    test(`${what} that came while the process stood still wins over ${option}`, { skip: process.platform === "win32" && "there is no SIGSTOP" }, async (t) => {
      const server = await serveInTwo(t, parts);
      const child = spawn(process.execPath, [PROGRAM.pathname, server.url, option, `${TIMEOUT}`, `${ROUNDS}`], { stdio: ["ignore", "pipe", "inherit"] });
      t.after(() => child.kill("SIGKILL"));
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      (await server.asked())();
      for (let round = 0; round < ROUNDS; round++) {
        const finish = await server.asked();
        await sleep(50);
        child.kill("SIGSTOP");
        finish();
        await sleep(TIMEOUT + 100);
        child.kill("SIGCONT");
        assert.equal((await lines.next()).value, "answered", `round ${round}`);
      }
    });
  }
}

test("without an answer a process that stood still tells the timeout all the same", { skip: process.platform === "win32" && "there is no SIGSTOP" }, async (t) => {
  let count = 0;
  const server = await serveInTwo(t, { begin: (outgoing) => count++ === 0 && head(outgoing).end(ANSWER), finish() {} });
  const child = spawn(process.execPath, [PROGRAM.pathname, server.url, "timeout", "300", "1"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await server.asked();
  await server.asked();
  child.kill("SIGSTOP");
  await sleep(500);
  child.kill("SIGCONT");
  assert.equal((await lines.next()).value, "ClaivTimeoutError");
});
