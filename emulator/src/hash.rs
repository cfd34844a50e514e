//! Fingerprints (64-bit hashes) of texts, and hash tables whose keys are hashes already.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The offset basis of 64-bit FNV-1a: the fingerprint of an empty text.
pub const FNV_OFFSET_BASIS: u64 = 0xCBF2_9CE4_8422_2325;

/// The fingerprint of a text (64-bit FNV-1a). Equal texts have the same one; whoever needs certainty compares the texts as well.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    extend_fingerprint(FNV_OFFSET_BASIS, bytes)
}

/// The fingerprint of a text to which these bytes are appended, from the fingerprint of the text before.
pub fn extend_fingerprint(print: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(print, |print, byte| (print ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A map whose keys are hashes, or other numbers that need no strong hash function.
pub type HashKeyed<K, V> = HashMap<K, V, BuildHasherDefault<HashMixer>>;

/// Mixes the bits of a key by one multiplication: the standard map uses the lowest and the highest bits of a hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct HashMixer(u64);

impl Hasher for HashMixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.write_u64(fingerprint(bytes));
    }

    fn write_u32(&mut self, hash: u32) {
        self.write_u64(u64::from(hash));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}
