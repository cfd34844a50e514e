// Kills the command repeatedly under load, fills its disk, and tears and doubles lines of its file:  node tests/emulator/storm.mjs [rounds] [seed]
// Each acknowledged event must be in the file once, no forgotten one may be, and nothing that was not sent.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { ClaivEmulator } from "claiv-memory/emulator";
import { BIN } from "./command.mjs";
import { calls } from "./helpers.mjs";

/** How many clients send requests at once. */
const CLIENTS = 8;

/** Pseudo-random numbers from 0 to 1 (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Starts the command. With `limit` no file can grow beyond this many blocks of 1024 bytes, as on a full disk. */
export async function limited(data, limit) {
  const command = [process.execPath, join(BIN, "claiv-emulator.js"), "--port", "0", "--quiet", "--data", data];
  const args = limit === undefined ? command : ["bash", "-c", `ulimit -f ${limit}; exec "$@"`, "bash", ...command];
  const child = spawn(args[0], args.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const ended = once(child, "close");
  const line = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended.then(() => undefined)]);
  const url = line?.[0].match(/http:\S+/)?.[0];
  return { child, ended, errors: () => errors, ...(url && calls(fetch, url)) };
}

/** The state in the file, as the command would load it. */
async function stored(data) {
  const { load } = await import(pathToFileURL(join(BIN, "data-file.js")));
  const emulator = new ClaivEmulator();
  load(emulator, data);
  return JSON.parse(emulator.exportState());
}

/** Runs the rounds; resolves with the violations found, the number of acknowledged events and the rounds run. */
export async function storm({ folder, rounds, seed, onRound = () => {} }) {
  const chance = random(seed);
  const pick = (most) => Math.floor(chance() * most);
  const data = join(folder, `storm-${seed}.json`);
  /** By idempotency key of each event that was sent: whether it was acknowledged, and whether its user was forgotten. */
  const events = new Map();
  const receipts = new Set();
  const broken = [];
  let acknowledged = 0;
  let done = 0;

  async function work(server, name, round) {
    for (let i = 0; ; i++) {
      const key = `${round}-${name}-${i}`;
      const user_id = `user-${round}-${name}-${i % 5}`;
      const event = { key, user_id, acknowledged: false, forgotten: false };
      events.set(key, event);
      const content = `event ${key} ${"padding ".repeat(i % 40)}`;
      const { status } = await server.post("/v1/ingest", { user_id, type: "message", content, idempotency_key: key });
      if (status !== 200) throw new Error(`status ${status}`);
      event.acknowledged = true;
      acknowledged++;
      if (i % 11 !== 10) continue;
      const own = [...events.values()].filter((one) => one.user_id === user_id);
      // Until the response arrives, the events may have been deleted or not.
      own.forEach((one) => (one.forgotten ||= "perhaps"));
      const { body } = await server.post("/v1/forget", { user_id });
      own.forEach((one) => (one.forgotten = "surely"));
      receipts.add(body.receipt_id);
    }
  }

  async function check(what) {
    const { events: kept, receipts: known } = await stored(data);
    const seen = new Map();
    for (const { idempotency_key: key } of kept) seen.set(key, (seen.get(key) ?? 0) + 1);
    for (const [key, count] of seen) {
      if (count > 1) broken.push(`${what}: ${key} is there ${count} times`);
      if (!events.has(key)) broken.push(`${what}: ${key} was never asked for`);
    }
    for (const { key, acknowledged: was, forgotten } of events.values()) {
      if (was && forgotten === false && !seen.has(key)) broken.push(`${what}: ${key} is lost`);
      if (forgotten === "surely" && seen.has(key)) broken.push(`${what}: ${key} is back`);
    }
    const ids = known.map(({ receipt_id: id }) => id);
    if (new Set(ids).size !== ids.length) broken.push(`${what}: a receipt is there twice`);
    for (const id of receipts) if (!ids.includes(id)) broken.push(`${what}: the receipt ${id} is lost`);
  }

  for (let round = 0; round < rounds; round++) {
    const kind = ["killed", "full", "torn", "doubled", "killed", "stopped"][round % 6];
    const size = round === 0 ? 0 : statSync(data).size;
    const server = await limited(data, kind === "full" ? Math.ceil((size * 2) / 1024) + 60 + pick(100) : undefined);
    if (!server.post) {
      broken.push(`round ${round}: it did not start: ${server.errors()}`);
      break;
    }
    for (let name = 0; name < CLIENTS; name++) work(server, name, round).catch(() => {});
    if (kind === "full") await Promise.race([server.ended, sleep(20_000)]);
    else await sleep(100 + pick(400));
    server.child.kill(kind === "stopped" ? "SIGTERM" : "SIGKILL");
    await server.ended;
    // Lets the connections of the clients end, which is a moment after the end of the process.
    await sleep(20);
    const lines = readFileSync(data, "utf8").split("\n");
    const whole = lines.slice(1, -1);
    if (kind === "torn") appendFileSync(data, (whole[pick(whole.length)] ?? '{"op":"event","ev').slice(0, 5 + pick(60)));
    if (kind === "doubled") {
      const at = 1 + pick(Math.max(1, whole.length));
      writeFileSync(data, [...lines.slice(0, at + 1), ...lines.slice(at)].join("\n"));
    }
    await check(`round ${round}, ${kind}`);
    onRound({ round, kind, acknowledged, bytes: statSync(data).size, problems: broken.length });
    done = round + 1;
  }
  return { broken, acknowledged, rounds: done };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [rounds = "50", seed = "1"] = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), "claiv-storm-"));
  const say = ({ round, kind, acknowledged, bytes, problems }) => console.log(`storm: round ${round}: ${kind}, ${acknowledged} acknowledged, ${bytes} bytes, ${problems} problems`);
  const { broken, acknowledged } = await storm({ folder, rounds: Number(rounds), seed: Number(seed), onRound: say });
  for (const sentence of broken) console.error(`storm: ${sentence}`);
  console.log(`storm: ${acknowledged} acknowledged, ${broken.length === 0 ? "nothing lost, nothing doubled" : `${broken.length} promises broken`}`);
  rmSync(folder, { recursive: true });
  process.exit(broken.length === 0 ? 0 : 1);
}
