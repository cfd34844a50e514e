//! Hashes: fingerprints by which equal things are known, and tables by keys that are hashes already.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Where FNV-1a of 64 bits starts.
pub const FINGERPRINT: u64 = 0xCBF2_9CE4_8422_2325;

/// A number by which equal texts are known (FNV-1a, 64 bits).
pub fn fingerprint(bytes: &[u8]) -> u64 {
    more_of(FINGERPRINT, bytes)
}

/// The fingerprint of a text and more.
pub fn more_of(print: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(print, |print, byte| (print ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A table whose keys are hashes.
pub type ByHash<K, V> = HashMap<K, V, BuildHasherDefault<Spread>>;

/// Spreads a hash over all bits: a table looks at the lowest and the highest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread(u64);

impl Hasher for Spread {
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
