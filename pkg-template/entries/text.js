// Stand-ins for hosts without these two (jsdom, as Jest sets it up): the glue makes one of each while it is loaded.
// Only what the glue asks for: UTF-8, from well-formed bytes and to them.

class Decoder {
  decode(bytes = []) {
    let escaped = "";
    for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, "0")}`;
    return decodeURIComponent(escaped);
  }
}

class Encoder {
  encode(text) {
    // A lone surrogate becomes U+FFFD, as the standard has it.
    const whole = text.replace(/\p{Surrogate}/gu, "\uFFFD");
    const binary = encodeURIComponent(whole).replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  }
}

const { TextDecoder = Decoder, TextEncoder = Encoder } = globalThis;

export { TextDecoder, TextEncoder };
