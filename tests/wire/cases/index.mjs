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

/** All cases of a version of the Python client. */
export const casesOf = (version) => [
  ...requests(version),
  ...ids(version),
  ...failures(version),
  ...shared.filter(({ method, versions }) => (!versions || versions.includes(version)) && (method === null || method in METHODS[version])),
];
