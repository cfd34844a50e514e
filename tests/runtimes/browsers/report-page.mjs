// Runs the suite in a page or a worker, and reports to where the page came from.
import { conform } from "./conformance/index.mjs";

export async function report(names) {
  let using;
  const without = { inspect: "pages have no function that prints an object", ...names.without };
  try {
    ({ using } = await import("./conformance/using.mjs"));
  } catch {
    without.using = "this browser cannot parse `using`";
  }
  const urls = await (await fetch("/urls.json")).json();
  const results = await conform({ ...names, using, without, urls });
  await fetch("/report", { method: "POST", body: JSON.stringify({ results }) });
}
