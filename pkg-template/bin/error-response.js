// Errors of the command itself, in the shape of the emulator's.

/** A response of this status; `headers` are added to it. */
export function errorResponse(status, code, message, headers = {}) {
  return Response.json({ error: { code, message, request_id: "" } }, { status, headers });
}
