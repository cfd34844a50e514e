// Reads and changes wasm modules, as far as the build and the size report need it: sections, features and names of functions.
const SECTION = { custom: 0, code: 10 };
const FUNCTION_NAMES = 1;
const FEATURES = "target_features";
const HEADER = 8;

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text() {
    const length = this.number();
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }

  /** Walks sections: a kind, a length and that many bytes. */
  *sections(end) {
    while (this.at < end) {
      const start = this.at;
      const kind = this.byte();
      const length = this.number();
      const next = this.at + length;
      yield { kind, start, end: next };
      this.at = next;
    }
  }
}

function leb(number) {
  const bytes = [];
  for (; number > 0x7f; number = Math.floor(number / 128)) bytes.push((number & 0x7f) | 0x80);
  return [...bytes, number];
}

const text = (string) => [...leb(string.length), ...Buffer.from(string, "latin1")];

/** The module without a feature in its `target_features` section, which is where wasm-bindgen looks. */
export function withoutFeature(bytes, feature) {
  const reader = new Reader(bytes, HEADER);
  for (const { kind, start, end } of reader.sections(bytes.length)) {
    if (kind !== SECTION.custom || reader.text() !== FEATURES) continue;
    const kept = [];
    for (let left = reader.number(); left > 0; left--) {
      const [sign, name] = [reader.byte(), reader.text()];
      if (name !== feature) kept.push([sign, ...text(name)]);
    }
    const section = [...text(FEATURES), ...leb(kept.length), ...kept.flat()];
    return Buffer.concat([bytes.subarray(0, start), Buffer.from([SECTION.custom, ...leb(section.length), ...section]), bytes.subarray(end)]);
  }
  return bytes;
}

/** Every function with its name and the bytes of its body, the largest first. */
export function functionSizes(bytes) {
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function").length;
  const reader = new Reader(bytes, HEADER);
  const sizes = [];
  const names = new Map();
  for (const { kind, end } of reader.sections(bytes.length)) {
    if (kind === SECTION.code) {
      for (let left = reader.number(); left > 0; left--) {
        const size = reader.number();
        sizes.push(size);
        reader.at += size;
      }
    } else if (kind === SECTION.custom && reader.text() === "name") {
      for (const { kind: part } of reader.sections(end)) {
        if (part !== FUNCTION_NAMES) continue;
        for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
      }
    }
  }
  return sizes
    // Rust's names carry the hash of each crate.
    .map((size, index) => ({ size, name: names.get(imported + index)?.replaceAll(/\[[0-9a-f]{16}\]/g, "") ?? `function ${imported + index}` }))
    .sort((a, b) => b.size - a.size);
}
