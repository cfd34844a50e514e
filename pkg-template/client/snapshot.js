// The events of a batch as they are when its method is called. They are checked and encoded later, a slice at a time, and what the caller
// changes meanwhile must not change what is sent.
import { isRecord } from "./checks.js";

/** What JSON carries of an object, where that is an object as well; else the value itself, of which the check tells what is wrong with it. */
function carried(value) {
  if (typeof value !== "object" || value === null) return value;
  try {
    const copy = JSON.parse(JSON.stringify(value));
    if (typeof copy === "object" && copy !== null) return copy;
  } catch {
    // The check of the event says that JSON cannot carry it.
  }
  return value;
}

/** A copy of an event. Its fields keep their types: the check tells a Date from its text, and undefined from nothing. */
function copyOf(event) {
  try {
    if (!isRecord(event) || typeof event.toJSON === "function") return carried(event);
    const copy = { ...event };
    for (const name of Object.keys(copy)) copy[name] = carried(copy[name]);
    return copy;
  } catch {
    return event;
  }
}

/** A new array of copies. Throws what the array throws when it is read. */
export const copyEvents = (events) => Array.from(events, copyOf);
