// Parses the arguments of the command.
import { parseArgs } from "node:util";
import { readHost, readOrigin } from "./access.js";

export const HELP = `An in-memory Claiv Memory service, for work offline, demos and tests.

Usage: claiv-emulator [options]

  --port <number>          the port to listen on; 0 for a free one (default 8787)
  --host <address>         the address to listen on (default 127.0.0.1)
  --allow-host <name>      answer requests to this name as well, as of a container or in a network; * for any
  --allow-origin <origin>  answer pages of this origin as well; * for any (default: pages of this machine)
  --api-key <key>          accept this key only
  --data <file>            keep the state in this file, so that it outlives the process
  --seed <file>            start with this: an exported state, or events to ingest (a JSON array, or one on each line)
  --fault <json>           script a fault, as addFault takes it: '{"path":"/v1/recall","status":503,"times":2}'
  --quota <json>           what a billing cycle allows: '{"requests":100}'
  --latency <ms>           how long each answer takes at least
  --quiet                  print no line for each request
  --version                print the version
  --help                   print this text

--allow-host, --allow-origin, --api-key and --fault may be given several times.
`;

const text = { type: "string" };
const texts = { type: "string", multiple: true };
const flag = { type: "boolean" };
const OPTIONS = {
  port: { type: "string", default: "8787" },
  host: { type: "string", default: "127.0.0.1" },
  "allow-host": texts,
  "allow-origin": texts,
  "api-key": texts,
  data: text,
  seed: text,
  fault: texts,
  quota: text,
  latency: text,
  quiet: flag,
  version: flag,
  help: { ...flag, short: "h" },
};

/** Parses and validates the arguments; throws an error that names the option that is wrong. */
export function readOptions() {
  const values = parse();
  if (values.help || values.version) return values;
  const each = (name, read, must) => (values[name] ?? []).map((given) => {
    const value = given === "" ? undefined : read(given);
    if (value === undefined) throw new Error(`--${name} must be ${must}, not "${given}".`);
    return value;
  });
  const number = (name, most, must) => {
    const value = Number(values[name]);
    if (!/^\d+$/.test(values[name]) || value > most) throw new Error(`--${name} must be ${must}, not "${values[name]}".`);
    return value;
  };
  for (const name of ["data", "seed"]) if (values[name] === "") throw new Error(`--${name} must name a file.`);
  const json = (name, given) => {
    try {
      return JSON.parse(given);
    } catch {
      throw new Error(`--${name} must be JSON, not "${given}".`);
    }
  };
  return {
    port: number("port", 65535, "a number from 0 to 65535"),
    host: values.host,
    hosts: [...each("allow-host", readHost, "a host name or *"), readHost(values.host)].filter((name) => !["0.0.0.0", "[::]", undefined].includes(name)),
    origins: each("allow-origin", readOrigin, "an origin such as https://app.example.com, null or *"),
    apiKeys: values["api-key"] && each("api-key", (key) => key, "a key"),
    data: values.data,
    seed: values.seed,
    faults: (values.fault ?? []).flatMap((given) => json("fault", given)).map(withInfinity),
    quota: values.quota === undefined ? undefined : json("quota", values.quota),
    latency: values.latency === undefined ? 0 : number("latency", Number.MAX_SAFE_INTEGER, "a number of milliseconds"),
    quiet: values.quiet ?? false,
  };
}

/** Splits the arguments into options. */
function parse() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new Error(`${error.message.split("\n")[0]} See --help.`, { cause: error });
  }
}

/** Replaces "Infinity" by Infinity, which JSON cannot express. */
function withInfinity(fault) {
  if (typeof fault !== "object" || fault === null) return fault;
  return Object.fromEntries(Object.entries(fault).map(([name, value]) => [name, value === "Infinity" ? Infinity : value]));
}
