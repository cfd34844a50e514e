//! Identifiers. The seed comes from outside, at the first request: Workers allow no randomness at start-up.

/// A generator of identifiers (SplitMix64, two outputs each).
#[derive(Clone, Debug)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// A generator that starts from a seed.
    pub fn new(seed: u64) -> Self {
        Ids { state: seed }
    }

    /// A fresh identifier such as `evt_` and 24 hexadecimal digits.
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
    fn identifiers_do_not_repeat() {
        let mut ids = Ids::new(7);
        let made: HashSet<String> = (0..10_000).map(|_| ids.next("evt")).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().all(|id| id.len() == 28 && id.starts_with("evt_")));
    }
}
