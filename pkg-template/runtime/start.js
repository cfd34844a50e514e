// Starts instances of the module, and knows the current one. The first is started while the package is imported, so that no call waits for it. Importing
// never throws: an error that kept the module from starting is kept, and thrown when an object of the package is made or used.
import { createInstance } from "claiv:instance";
import { createGuard } from "./guard.js";
import { failures } from "./host.js";
import { Problem } from "./problem.js";

let compiled;
let failure;
let current;

failures.report = (error) => current?.markDamaged(error);

function start() {
  const guard = createGuard();
  createInstance(compiled, guard);
  return guard;
}

/** Called by the loader of the entry, with a function that returns the compiled module. */
export function provide(compile) {
  try {
    compiled = compile();
    current = start();
  } catch (error) {
    failure = error;
  }
}

/** The guard of the current instance, or of a new one where that is damaged. Throws a `Problem` where none can be started. */
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

/** The classes and functions that wasm-bindgen made, for their names only: also where the module cannot run. */
export function shape() {
  if (current) return current.glue;
  const guard = createGuard();
  createInstance(undefined, guard);
  return guard.glue;
}
