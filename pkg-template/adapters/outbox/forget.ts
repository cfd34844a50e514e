// Which of the events that wait a forget request covers.
import { conversationOf } from "./entry.js";
import type { ForgetScope } from "./entry.js";

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d)?)?)?$/;

/** Milliseconds since 1970 of an ISO 8601 time, or of Unix seconds; a time without a zone is one in UTC. NaN for anything else. */
export function timeOf(value: unknown): number {
  if (typeof value === "number") return value * 1000;
  const [whole, year, month, day, hour = 0, minute = 0, second = 0, fraction = 0, sign, hours = 0, minutes = 0] = TIME.exec(String(value)) ?? [];
  if (whole === undefined) return NaN;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + Number(`0.${fraction}`) * 1000 - offset;
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
