//! Random UUIDs (RFC 9562 §5.4, version 4) for idempotency keys.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::host;
use super::names::Name;

#[wasm_bindgen]
extern "C" {
    type Crypto;

    /// Missing in Node 18.
    #[wasm_bindgen(thread_local_v2, js_name = crypto)]
    static CRYPTO: Option<Crypto>;

    /// Missing on insecure origins.
    #[wasm_bindgen(catch, method, structural, js_name = randomUUID)]
    fn random_uuid(this: &Crypto) -> Result<Option<JsString>, JsValue>;

    #[wasm_bindgen(catch, method, structural, js_name = getRandomValues)]
    fn fill(this: &Crypto, bytes: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = Uint8Array)]
    type Bytes;

    #[wasm_bindgen(constructor, js_class = "Uint8Array")]
    fn new(length: u32) -> Bytes;

    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Bytes, place: u32) -> u8;
}

/// A fresh UUIDv4: the host's own, or else made of `crypto.getRandomValues`, and where there is no `crypto` at all of `Math.random`.
pub(crate) fn v4() -> JsString {
    let made = CRYPTO.with(|crypto| crypto.as_ref().and_then(|crypto| crypto.random_uuid().ok().flatten()));
    made.filter(|uuid| JsValue::is_string(uuid)).unwrap_or_else(by_hand)
}

#[cold]
fn by_hand() -> JsString {
    let random = Bytes::new(16);
    let filled = CRYPTO.with(|crypto| crypto.as_ref().is_some_and(|crypto| crypto.fill(&random).is_ok()));
    let mut bytes = [0u8; 16];
    for (place, byte) in (0..).zip(&mut bytes) {
        *byte = if filled { random.get(place) } else { (host::random() * 256.0) as u8 };
    }
    let mut uuid = Name::Empty.js().clone();
    for code in format_v4(bytes) {
        uuid = uuid.concat(&JsString::from_char_code1(u32::from(code)));
    }
    uuid
}

fn format_v4(bytes: [u8; 16]) -> [u8; 36] {
    let mut text = [b'-'; 36];
    let mut free = text.iter_mut();
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            free.next();
        }
        let byte = match place {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => byte,
        };
        for nibble in [byte >> 4, byte & 0x0f] {
            if let Some(digit) = free.next() {
                *digit = nibble.wrapping_add(if nibble < 10 { b'0' } else { b'a' - 10 });
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::format_v4;

    #[test]
    fn the_version_and_variant_bits_are_set_whatever_the_bytes() {
        let text = |bytes| String::from_utf8_lossy(&format_v4(bytes)).into_owned();
        assert_eq!(text([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(text([255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let counting = std::array::from_fn(|i| i as u8 * 17);
        assert_eq!(text(counting), "00112233-4455-4677-8899-aabbccddeeff");
    }
}
