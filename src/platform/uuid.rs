//! Random UUIDs (RFC 9562 §5.4, version 4) for idempotency keys.

use super::host::{self, CRYPTO};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// A fresh UUIDv4. `crypto.randomUUID` is missing on insecure origins, so the bytes come from
/// `crypto.getRandomValues`, and where there is no `crypto` at all (Node 18) from `Math.random`.
pub(crate) fn v4() -> String {
    let mut bytes = [0u8; 16];
    let filled = CRYPTO.with(|crypto| crypto.as_ref().is_some_and(|crypto| crypto.fill_random(&mut bytes).is_ok()));
    if !filled {
        for byte in &mut bytes {
            *byte = (host::random() * 256.0) as u8;
        }
    }
    format_v4(bytes)
}

fn format_v4(bytes: [u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match place {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0')));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::format_v4;

    #[test]
    fn the_version_and_variant_bits_are_set_whatever_the_bytes() {
        assert_eq!(format_v4([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(format_v4([255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let counting = std::array::from_fn(|i| i as u8 * 17);
        assert_eq!(format_v4(counting), "00112233-4455-4677-8899-aabbccddeeff");
    }
}
