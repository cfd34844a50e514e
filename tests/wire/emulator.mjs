// The Python client at work against the emulator, over HTTP: a client that we did not write judges what it answers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { currentTests } from "./emulator/current.mjs";
import { documentTests } from "./emulator/documents.mjs";
import { oldTests } from "./emulator/old.mjs";
import { sharedTests } from "./emulator/shared.mjs";
import { KEY, startEmulator } from "./emulator/start.mjs";

/** What was built for V5 is answered by V6. */
const ANSWERED_AS = { recall_v5: "RecallResponse" };

/** Methods that are no calls. */
const OWN = ["close"];

/** What the tests of one emulator have: calls of the Python client, and what became of them. */
class Kit {
  called = new Set();

  constructor(python, async) {
    this.python = python;
    this.async = async;
    this.version = python.version;
  }

  /** A test that says whose it is. */
  test(name, run) {
    test(`${this.version}, emulator${this.async ? ", asynchronous" : ""}: ${name}`, run);
  }

  async call(method, args = [], kwargs = {}, key = KEY) {
    const client = { api_key: key, base_url: this.emulator.url, max_retries: 0 };
    return (await this.python.call(method, { args, kwargs, async: this.async, client })).outcome;
  }

  /** The result of a call that must succeed, of the type that the Python client documents. */
  async result(method, args, kwargs) {
    const outcome = await this.call(method, args, kwargs);
    assert.ok("result" in outcome, `${method}: ${JSON.stringify(outcome)}`);
    assert.deepEqual(await this.misfits(method, outcome.result), []);
    this.called.add(method);
    return outcome.result;
  }

  /** Asserts that a call fails with this status and code of the API, and gives the details. */
  async refused(status, code, method, args, kwargs, key) {
    const { error } = await this.call(method, args, kwargs, key);
    assert.deepEqual([error?.kind, error?.status, error?.code], ["api", status, code], method);
    assert.ok(error.request_id.length > 0 && error.message.length > 0);
    return error.details;
  }

  async misfits(method, answer) {
    return [...(await this.python.ask({ op: "misfits", method, answer, type: ANSWERED_AS[method] })).found, ...noTimes(answer, method)];
  }
}

const TIME = /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/;

/** What is called a time and is none: the types know them as text alone. */
function noTimes(value, path) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const called = /(_at|_time|_date|^date|^as_of|^ts_\w+)$/.test(name) && one !== null;
    return called && !(TIME.test(one) && !Number.isNaN(Date.parse(one))) ? [`${path}.${name} is no time`] : noTimes(one, `${path}.${name}`);
  });
}

export function emulatorTests(python) {
  for (const async of [false, true]) {
    const kit = new Kit(python, async);
    describe(`${python.version}: the ${async ? "asynchronous " : ""}Python client against claiv-emulator`, () => {
      before(async () => void (kit.emulator = await startEmulator()));
      after(() => kit.emulator.stop());
      sharedTests(kit);
      if (kit.version === "0.2.1") oldTests(kit);
      else {
        currentTests(kit);
        documentTests(kit);
      }

      kit.test("every method of the class was called", async () => {
        const { sync } = await python.ask({ op: "methods" });
        assert.deepEqual(Object.keys(sync).filter((method) => !OWN.includes(method) && !kit.called.has(method)), []);
      });

      kit.test("an answer of nothing fits no method's type", async () => {
        for (const method of kit.called) assert.notDeepEqual(await kit.misfits(method, null), [], method);
        assert.notDeepEqual(await kit.misfits("ingest", { event_id: "e", deduped: 0 }), []);
        assert.notDeepEqual(await kit.misfits("ingest", { event_id: "e", deduped: false, more: 1 }), []);
        assert.notDeepEqual(await kit.misfits("ingest", { event_id: "e" }), []);
        assert.deepEqual(await kit.misfits("ingest", { event_id: "e", deduped: false }), []);
      });
    });
  }
}
