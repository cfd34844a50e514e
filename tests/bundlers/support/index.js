// A page's program, as a bundler gets it.
import { imported } from "../before.mjs";
import * as client from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import * as emulator from "claiv-memory/emulator";
import "../after.mjs";
import { conform } from "../conformance/index.mjs";

// Where the results go: the tool that serves this page need not be the one that wants them.
const to = new URLSearchParams(location.search).get("to") ?? "";
const report = (what) => fetch(`${to}/report`, { method: "POST", body: JSON.stringify(what) });
const without = { inspect: "pages have no function that prints an object", using: "bundlers are given no file with `using` in it" };

async function main() {
  const urls = await (await fetch(`${to}/urls.json`)).json();
  return { results: await conform({ client, v6, emulator, imported, urls, without }) };
}

main().catch((error) => ({ error: String(error?.stack ?? error) })).then(report);
