import { METHODS } from "../methods.mjs";
import { answers } from "./answers.mjs";
import { checks } from "./checks.mjs";
import { failures } from "./failures.mjs";
import { ids } from "./ids.mjs";
import { options } from "./options.mjs";
import { requests } from "./requests.mjs";
import { retries } from "./retries.mjs";
import { values } from "./values.mjs";

const shared = [...values, ...checks, ...answers, ...retries, ...options];

/** A GET that is sent says that no cache may answer it: fetch makes headers of that, whatever else a case is about. */
function withFreshness(row, version) {
  const isGet = row.method !== null && METHODS[version][row.method]?.wire.startsWith("GET ");
  const isSent = !row.rules.includes("requests-checked") && !row.rules.includes("options-checked");
  return isGet && isSent ? { ...row, rules: [...row.rules, "no-store"] } : row;
}

/** All cases of a version of the Python client. */
export const casesOf = (version) => [
  ...requests(version),
  ...ids(version),
  ...failures(version),
  ...shared.filter(({ method, versions }) => (!versions || versions.includes(version)) && (method === null || method in METHODS[version])),
].map((row) => withFreshness(row, version));
