// The text form in which a module travels inside JavaScript that is downloaded. Base64 spreads each byte over two characters, so
// that brotli finds few repetitions: the result is a third larger than the module. Here a byte is one character, or two, always
// the same ones, and all of them printable ASCII that needs no escape in a string of JavaScript, whatever a minifier does.
//
// There are 93 such characters (all but the quote and the backslash), numbered from 0. The first 91 stand for the bytes that wasm
// has most: 0 to 65, and 97 to 121, which is lower case text. All other bytes are counted through in pages of 91; the last two
// characters announce that the next one is of the first page or of the second. pkg-template/entries/packed.js reads it.

const SINGLES = 91;
const character = (number) => {
  const code = number + 32;
  return String.fromCharCode(code < 34 ? code : code < 91 ? code + 1 : code + 2);
};

const single = (byte) => byte < 66 || (byte > 96 && byte < 122);

/** The text of `bytes`. */
export function pack(bytes) {
  let text = "";
  for (const byte of bytes) {
    if (single(byte)) {
      text += character(byte < 66 ? byte : byte - 31);
    } else {
      const place = byte < 97 ? byte - 66 : byte - 91;
      text += character(SINGLES + Math.floor(place / SINGLES)) + character(place % SINGLES);
    }
  }
  return text;
}
