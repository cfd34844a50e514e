import { writeFileSync } from "node:fs";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { imported } from "./before.mjs";
import * as client from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import * as emulator from "claiv-memory/emulator";
import "./after.mjs";
import { conform } from "./conformance/index.mjs";

test("the conformance suite", async () => {
  const { urls, file } = JSON.parse(process.env.CONFORMANCE);
  const without = { cors: "no origin, so no preflight: this is no browser", using: "the test runner is given no file with `using` in it" };
  const results = await conform({ client, v6, emulator, imported, urls, without, inspect: (value) => inspect(value, { showHidden: true, depth: 10 }) });
  writeFileSync(file, JSON.stringify(results));
  expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
}, 200_000);
