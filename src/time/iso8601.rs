//! Times as requests write them: ISO 8601.

use super::{Cursor, clock, days_since_epoch};

/// A point in time, or a wall-clock reading without a zone.
#[derive(Debug, PartialEq, Clone, Copy)]
pub(crate) struct Instant {
    /// Milliseconds since 1970-01-01T00:00:00, in UTC if `zoned`.
    millis: i64,
    /// Nanoseconds below the millisecond.
    nanos: u32,
    zoned: bool,
}

impl Instant {
    /// True when `self` is later than `other`; false when they cannot be compared (one has a zone, one not).
    pub(crate) fn is_after(&self, other: &Instant) -> bool {
        self.zoned == other.zoned && (self.millis, self.nanos) > (other.millis, other.nanos)
    }
}

/// Reads `YYYY-MM-DD`, optionally followed by `T` (or a space) and `hh:mm[:ss[.fraction]]`, optionally followed by `Z`,
/// `±hh`, `±hhmm` or `±hh:mm`. A date alone is its midnight. `None` for anything else and for days that do not exist.
pub(crate) fn parse(text: &[u8]) -> Option<Instant> {
    let mut rest = Cursor(text);
    let year = rest.digits(4)?;
    rest.one_of(b"-")?;
    let month = rest.digits(2)?;
    rest.one_of(b"-")?;
    let day = rest.digits(2)?;
    let mut seconds = days_since_epoch(year, month, day)?.wrapping_mul(86_400);
    let (mut fraction, mut zoned) = (0, false);
    if !rest.is_empty() {
        rest.one_of(b"Tt ")?;
        let hour = rest.digits(2)?;
        rest.one_of(b":")?;
        let minute = rest.digits(2)?;
        let second = if rest.one_of(b":").is_some() { rest.digits(2)? } else { 0 };
        fraction = if rest.one_of(b".,").is_some() { rest.nanos()? } else { 0 };
        // 24:00:00 is the end of a day, 23:59:60 a leap second (ISO 8601).
        let in_range = hour < 24 || (hour == 24 && minute == 0 && second == 0 && fraction == 0);
        if !in_range || minute > 59 || second > 60 {
            return None;
        }
        seconds = seconds.wrapping_add(clock(hour, minute, second));
        zoned = !rest.is_empty();
        if zoned {
            seconds = seconds.wrapping_sub(rest.offset_minutes()?.wrapping_mul(60));
        }
    }
    let millis = seconds.wrapping_mul(1000).wrapping_add(i64::from(fraction / 1_000_000));
    rest.is_empty().then_some(Instant { millis, nanos: fraction % 1_000_000, zoned })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Option<i64> {
        parse(text.as_bytes()).map(|instant| instant.millis)
    }

    #[test]
    fn iso_times_are_read() {
        let table = [
            ("1970-01-01", 0),
            ("1970-01-01T00:00:00Z", 0),
            ("2000-03-01T00:00:00Z", 951_868_800_000),
            ("2024-02-29T12:34:56Z", 1_709_210_096_000),
            ("2024-02-29t12:34:56z", 1_709_210_096_000),
            ("2024-02-29 12:34:56Z", 1_709_210_096_000),
            ("2024-02-29T12:34Z", 1_709_210_040_000),
            ("2024-02-29T12:34:56.789Z", 1_709_210_096_789),
            ("2024-02-29T12:34:56,789Z", 1_709_210_096_789),
            ("2024-02-29T12:34:56.7891234567Z", 1_709_210_096_789),
            ("2024-02-29T12:34:56+02:00", 1_709_202_896_000),
            ("2024-02-29T12:34:56-0530", 1_709_229_896_000),
            ("2024-02-29T12:34:56+02", 1_709_202_896_000),
            ("2024-02-29T24:00:00Z", 1_709_251_200_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("0000-03-01", -62_162_035_200_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ];
        for (text, expected) in table {
            assert_eq!(millis(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_iso_time_is_refused() {
        let table = [
            "",
            "yesterday",
            "2024",
            "2024-02",
            "2024-2-9",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "2024-01-32",
            "2024-01-01T",
            "2024-01-01T1",
            "2024-01-01T25:00",
            "2024-01-01T24:01:00",
            "2024-01-01T10:60",
            "2024-01-01T10:00:61",
            "2024-01-01T10:00:00.",
            "2024-01-01T10:00:00.Z",
            "2024-01-01T10:00:00+24:00",
            "2024-01-01T10:00:00+1",
            "2024-01-01T10:00:00+01:",
            "2024-01-01T10:00:00Zz",
            "2024-01-01Z",
            "01/02/2024",
            "1709210096",
            "2024-01-01T10:00:00 Z",
            "２０２４-01-01",
            "2024-01-01\u{0}",
        ];
        for text in table {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn order_is_compared_only_between_times_of_one_kind() {
        let at = |text: &str| parse(text.as_bytes()).unwrap();
        assert!(at("2024-01-01T10:00:00Z").is_after(&at("2024-01-01T09:59:59.999Z")));
        assert!(at("2024-01-01T10:00:00.0000002Z").is_after(&at("2024-01-01T10:00:00.0000001Z")));
        assert!(!at("2024-01-01T10:00:00Z").is_after(&at("2024-01-01T10:00:00Z")));
        assert!(!at("2024-01-01T10:00:00+02:00").is_after(&at("2024-01-01T09:00:00Z")));
        assert!(at("2024-01-02").is_after(&at("2024-01-01T23:00")));
        assert!(!at("2024-01-02").is_after(&at("2024-01-01T23:00Z")), "a zone and none cannot be compared");
    }
}
