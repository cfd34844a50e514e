// TextDecoder and TextEncoder for hosts that lack them (jsdom, as Jest sets it up), since the glue makes one of each when it is loaded.
// They do only what the glue needs: UTF-8, of well-formed bytes.

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
