// Random UUIDs (RFC 9562 §5.4, version 4) for idempotency keys.

function randomBytes() {
  const bytes = new Uint8Array(16);
  try {
    crypto.getRandomValues(bytes);
  } catch {
    for (let i = 0; i < 16; i++) bytes[i] = Math.random() * 256;
  }
  return bytes;
}

/** The version and the variant stand in the seventh and the ninth byte. */
function fromBytes(bytes) {
  let text = "";
  for (let i = 0; i < 16; i++) {
    const byte = i === 6 ? bytes[i] & 0x0f | 0x40 : i === 8 ? bytes[i] & 0x3f | 0x80 : bytes[i];
    text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + (byte + 256).toString(16).slice(1);
  }
  return text;
}

/**
 * A new UUID: by the host's `randomUUID`, which is missing on insecure origins, else of `crypto.getRandomValues`, else of `Math.random`, as there is no
 * `crypto` in Node 18.
 */
export function randomUuid() {
  try {
    const uuid = crypto.randomUUID();
    if (uuid && typeof uuid === "string") return uuid;
  } catch {
    // See below.
  }
  return fromBytes(randomBytes());
}
