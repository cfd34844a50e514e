// A thousand requests to a Worker, a part of which their visitors give up, and what became of the others.
const CONCURRENT = 50;
const PATIENCE = 15_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function visit(url, id, patience) {
  const began = Date.now();
  try {
    const response = await fetch(`${url}/${id}`, { signal: AbortSignal.timeout(patience) });
    return { id, status: response.status, body: await response.json(), ms: Date.now() - began };
  } catch (error) {
    return { id, gaveUp: error.name, ms: Date.now() - began };
  }
}

/**
 * Sends `count` requests to `url`; every third visitor goes away within 40 ms. `onRequest` is called before each. Gives the
 * answers of those who stayed that were not right, and how many there were of each kind.
 */
export async function storm(url, count, onRequest = () => {}) {
  let next = 0;
  const answers = [];
  await Promise.all(Array.from({ length: CONCURRENT }, async () => {
    for (let id = next++; id < count; id = next++) {
      onRequest(id);
      const leaves = id % 3 === 0;
      answers.push({ leaves, ...(await visit(url, id, leaves ? 1 + (id * 7) % 40 : PATIENCE)) });
      if (id % 97 === 0) await sleep(5);
    }
  }));
  const stayed = answers.filter(({ leaves }) => !leaves);
  return {
    stayed: stayed.length,
    left: answers.filter(({ gaveUp, leaves }) => leaves && gaveUp).length,
    wrong: stayed.filter(({ id, status, body }) => status !== 200 || body.remembered !== `The number is ${id}`),
    slowest: Math.max(...stayed.map(({ ms }) => ms)),
  };
}

/** The storm as cases of the table. */
export async function stormCases(url, emulator, { count, which }) {
  const outcomes = [];
  const test = async (name, work) => {
    const began = Date.now();
    const message = await work().then(() => undefined, (error) => error.stack);
    outcomes.push({ group: "storm", name, outcome: message ? "failed" : "passed", message, ms: Date.now() - began });
  };
  await test(`${count} requests, ${which}: whoever stays is answered, and rightly, whoever else leaves`, async () => {
    const { stayed, left, wrong, slowest } = await storm(`${url}/${which}`, count, (id) => {
      if (id % 10 === 0) emulator.addFault({ status: 503, headers: { "retry-after-ms": "30" } });
    });
    if (wrong.length > 0) throw new Error(`${wrong.length} of ${stayed} who stayed (slowest ${slowest} ms) got: ${JSON.stringify(wrong.slice(0, 3))}`);
    if (left < count / 10) throw new Error(`only ${left} left: this was no storm`);
  });
  await test(`after it the Worker answers at once, ${which}`, async () => {
    emulator.clearFaults();
    const began = Date.now();
    const answer = await visit(`${url}/${which}`, "after", PATIENCE);
    if (answer.body?.remembered !== "The number is after") throw new Error(JSON.stringify(answer));
    if (Date.now() - began > 3000) throw new Error(`it took ${Date.now() - began} ms`);
  });
  return outcomes;
}
