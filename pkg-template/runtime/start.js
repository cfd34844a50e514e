// The instance that calls go to. It is started while the package is imported, so that no call waits for it. Importing never throws: what
// kept the module from starting is kept and thrown to whoever makes or uses an object of the package.
import { createInstance } from "claiv:instance";
import { createGuard } from "./guard.js";
import { failures } from "./host.js";
import { Problem } from "./problem.js";

let compiled;
let failure;
let current;

failures.report = (error) => current?.damage(error);

function start() {
  const guard = createGuard();
  createInstance(compiled, guard);
  return guard;
}

/** Called by the loader of the entry, with a function that gives the compiled module. */
export function provide(compile) {
  try {
    compiled = compile();
    current = start();
  } catch (error) {
    failure = error;
  }
}

/** The guard of the instance that works: a fresh one where the last was damaged. Throws a `Problem` where none can be had. */
export function live() {
  if (current && !current.damaged) return current;
  if (!compiled) throw new Problem("load", failure);
  try {
    current = start();
  } catch (error) {
    throw new Problem("load", error);
  }
  return current;
}

/** What wasm-bindgen made, to see what its classes look like; also where the module cannot run. */
export function shape() {
  if (current) return current.glue;
  const guard = createGuard();
  createInstance(undefined, guard);
  return guard.glue;
}
