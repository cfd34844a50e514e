//! The wait before a retry when the server asks for none (`docs/api-contract.md`, "Errors").

/// The first wait, before jitter.
const FIRST_MS: f64 = 500.0;
/// The longest wait, jitter included.
const MAX_BACKOFF_MS: f64 = 30_000.0;
/// How much jitter may add, as a share of the wait.
const JITTER: f64 = 0.5;

/// Milliseconds before retry number `retry` (1, 2, …): `min(500 · 2^(retry-1) · (1 + 0.5·random), 30 s)`.
/// `random` is uniform in [0, 1).
pub(crate) fn delay_ms(retry: u32, random: f64) -> f64 {
    let mut base = FIRST_MS;
    for _ in 1..retry {
        // Beyond the cap it can only be cut off again; stopping keeps a huge retry number cheap.
        if base >= MAX_BACKOFF_MS {
            break;
        }
        base *= 2.0;
    }
    (base * (1.0 + JITTER * random)).min(MAX_BACKOFF_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_formula_by_table() {
        let table = [
            (1, 0.0, 500.0),
            (1, 0.5, 625.0),
            (1, 1.0, 750.0),
            (2, 0.0, 1000.0),
            (3, 0.0, 2000.0),
            (6, 0.0, 16_000.0),
            (6, 1.0, 24_000.0),
            (7, 0.0, 30_000.0),
            (7, 1.0, 30_000.0),
            (u32::MAX, 0.3, 30_000.0),
            (0, 0.0, 500.0),
        ];
        for (retry, random, expected) in table {
            assert_eq!(delay_ms(retry, random), expected, "retry {retry}, random {random}");
        }
    }
}
