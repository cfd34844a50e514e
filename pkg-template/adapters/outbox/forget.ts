// Which of the events that wait a forget request covers.
import { conversationOf } from "./entry.js";
import type { ForgetScope } from "./entry.js";

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d)?)?)?$/;

/** The parts of `TIME` as numbers; the seventh is the fraction of a second, and the eighth, the sign of the zone, is none. */
type Numbers = [whole: number, year: number, month: number, day: number, hour: number, minute: number, second: number, fraction: number, sign: number, hours: number, minutes: number];

/** Milliseconds since 1970 of an ISO 8601 time, or of Unix seconds; a time without a zone is one in UTC. NaN for anything else. */
export function timeOf(value: unknown): number {
  if (typeof value === "number") return value * 1000;
  const parts = TIME.exec(String(value));
  if (!parts) return NaN;
  const [, year, month, day, hour, minute, second, , , hours, minutes] = parts.map((part) => Number(part ?? 0)) as unknown as Numbers;
  const offset = (hours * 60 + minutes) * (parts[8] === "-" ? -60_000 : 60_000);
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(`0.${parts[7] ?? 0}`) * 1000 - offset;
}

/** Whether deleting by `request` deletes `event`. What lacks a field by which the request narrows is not covered. */
export function covers(request: ForgetScope, event: { readonly [name: string]: unknown }): boolean {
  if (event.user_id !== request.user_id) return false;
  const conversation = conversationOf(request);
  if (conversation !== undefined && conversationOf(event) !== conversation) return false;
  for (const field of ["project_id", "document_id"]) {
    if (request[field] !== undefined && event[field] !== request[field]) return false;
  }
  const time = timeOf(event.event_time);
  if (request.from_time !== undefined && !(time >= timeOf(request.from_time))) return false;
  return request.to_time === undefined || time <= timeOf(request.to_time);
}
