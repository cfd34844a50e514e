// Idempotency keys that are the same whenever the same thing is stored.

/** What is used of WebCrypto and of the Encoding standard, which every runtime of the adapters has. */
declare const crypto: { readonly subtle: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> } };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/**
 * A key of 35 characters for what `parts` name: 128 bits of their SHA-256 (FIPS 180-4). Keys of one service may stand side by side for years, so
 * a short hash would let two messages meet, and one of them would not be stored. WebCrypto is there and needs no code in the package.
 */
export async function keyOf(...parts: readonly unknown[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(parts)));
  return `ai-${Array.from(new Uint8Array(digest, 0, 16), (byte) => (byte + 0x100).toString(16).slice(1)).join("")}`;
}
