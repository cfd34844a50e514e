//! Random UUIDs (RFC 9562 §5.4, version 4) for idempotency keys.

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::*;

use super::{random, text_or_none};

#[wasm_bindgen]
extern "C" {
    /// There is no `crypto` in Node 18, and no `randomUUID` on insecure origins.
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = randomUUID)]
    fn host_uuid() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// A fresh UUIDv4: the host's own, or else made of `crypto.getRandomValues`, and where there is no `crypto` at all of `Math.random`.
pub(crate) fn random_uuid() -> JsString {
    host_uuid().ok().and_then(text_or_none).unwrap_or_else(by_hand)
}

#[cold]
pub(super) fn by_hand() -> JsString {
    let mut bytes = [0u8; 16];
    let random_bytes = Uint8Array::new_with_length(16);
    if fill(&random_bytes).is_ok() {
        random_bytes.copy_to(&mut bytes);
    } else {
        bytes.fill_with(|| (random() * 256.0) as u8);
    }
    format_v4(bytes).as_str().into()
}

fn format_v4(bytes: [u8; 16]) -> String {
    let mut text = String::new();
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match place {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => byte,
        };
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(char::from(nibble.wrapping_add(if nibble < 10 { b'0' } else { b'a' - 10 })));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::format_v4;

    #[test]
    fn the_version_and_variant_bits_are_set_whatever_the_bytes() {
        let text = format_v4;
        assert_eq!(text([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(text([255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let counting = std::array::from_fn(|i| i as u8 * 17);
        assert_eq!(text(counting), "00112233-4455-4677-8899-aabbccddeeff");
    }
}
