// Copies the events of a batch when its method is called. They are checked and encoded later, a slice at a time, and what the caller changes
// meanwhile must not change what is sent.
import { isRecord } from "./checks.js";

/** An object as JSON would carry it. Any other value, and what JSON cannot carry as an object, is returned as it is: the check finds it. */
function throughJson(value) {
  if (typeof value !== "object" || value === null) return value;
  try {
    const copy = JSON.parse(JSON.stringify(value));
    if (typeof copy === "object" && copy !== null) return copy;
  } catch {
    // The check of the event reports it.
  }
  return value;
}

/** A copy of an event. Its fields keep their types, since the check distinguishes a Date from its text and undefined from a missing field. */
function copyOf(event) {
  try {
    if (!isRecord(event) || typeof event.toJSON === "function") return throughJson(event);
    const copy = { ...event };
    for (const name of Object.keys(copy)) copy[name] = throughJson(copy[name]);
    return copy;
  } catch {
    return event;
  }
}

/** A new array of copies. Throws what the array throws when it is read. */
export const copyEvents = (events) => Array.from(events, copyOf);
