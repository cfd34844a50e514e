//! Generates ids. The seed is set at the first request, since Cloudflare Workers allow no randomness before.

/// A generator of ids (SplitMix64, two outputs for each). The ids differ from each other; they are not secret.
#[derive(Clone, Debug)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// A generator with this seed.
    pub fn new(seed: u64) -> Self {
        Ids { state: seed }
    }

    /// A new id: the prefix, `_` and 24 hexadecimal digits, such as `evt_0123456789abcdef01234567`.
    pub fn next(&mut self, prefix: &str) -> String {
        let high = self.step();
        let low = self.step() >> 32;
        format!("{prefix}_{high:016x}{low:08x}")
    }

    fn step(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_do_not_repeat() {
        let mut ids = Ids::new(7);
        let made: HashSet<String> = (0..10_000).map(|_| ids.next("evt")).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().all(|id| id.len() == 28 && id.starts_with("evt_")));
    }
}
