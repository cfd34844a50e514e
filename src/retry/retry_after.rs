//! How long the server asks to wait before the next attempt.
//!
//! It can do that by `retry-after-ms`, in `Retry-After` (seconds or an HTTP date, RFC 9110 §10.2.3) and in the
//! body's `error.details.retry_after` (seconds, `docs/api-contract.md`). Values that ask for no wait (0, negative,
//! no number, a date in the past) are ignored: the backoff applies.

use js_sys::Number;

use crate::time::http_date;

/// The parts of a failed response that ask for a wait. A header that is not there is empty.
#[derive(Default)]
pub(crate) struct WaitHints<'a> {
    /// The `retry-after-ms` header.
    pub(crate) retry_after_ms: &'a [u8],
    /// The `Retry-After` header.
    pub(crate) retry_after: &'a [u8],
    /// The response's own `Date` header: the clock by which its dates were made.
    pub(crate) date: &'a [u8],
    /// `error.details.retry_after` of the body, in seconds.
    pub(crate) body_seconds: Option<f64>,
}

impl WaitHints<'_> {
    /// Milliseconds to wait, more than zero; `None` where nothing is asked. `now` is the local clock in
    /// milliseconds since 1970, for dates of a response without `Date`.
    ///
    /// `retry-after-ms` is the exact form of `Retry-After` and stands in for it. Where headers and body differ
    /// the longer wait holds: a retry must be early for neither.
    pub(crate) fn delay_ms(&self, now: f64) -> Option<f64> {
        let header = longest(self.retry_after_ms).and_then(positive).or_else(|| self.retry_after_header(now));
        let body = self.body_seconds.and_then(|seconds| positive(seconds * 1000.0));
        match (header, body) {
            (Some(header), Some(body)) => Some(header.max(body)),
            (header, body) => header.or(body),
        }
    }

    fn retry_after_header(&self, now: f64) -> Option<f64> {
        if let Some(seconds) = longest(self.retry_after) {
            return positive(seconds * 1000.0);
        }
        let until = http_date::parse(self.retry_after)? as f64;
        let from = http_date::parse(self.date).map_or(now, |millis| millis as f64);
        positive(until - from)
    }
}

#[inline(never)]
fn positive(ms: f64) -> Option<f64> {
    // NaN and infinities of a body's number end here, too.
    (ms > 0.0 && ms < f64::INFINITY).then_some(ms.min(Number::MAX_SAFE_INTEGER))
}

/// The longest wait of a header that may have been sent several times: its values then come as one, joined by a comma and a space.
fn longest(text: &[u8]) -> Option<f64> {
    let mut longest = decimal(text.split(|byte| *byte == b',').next()?)?;
    for value in text.split(|byte| *byte == b',').skip(1) {
        longest = longest.max(decimal(value.strip_prefix(b" ")?)?);
    }
    Some(longest)
}

/// A number of digits with an optional fraction. `None` for a sign, an exponent or anything else.
pub(crate) fn decimal(text: &[u8]) -> Option<f64> {
    // One division at the end: 0.15 is then the same number that JavaScript reads.
    let mut value = 0.0;
    let mut scale = 1.0;
    let mut point = false;
    let mut digits = false;
    for byte in text.trim_ascii().iter().copied() {
        match byte {
            b'0'..=b'9' => {
                digits = true;
                // Digits that a double cannot hold, behind the point or before it.
                if point && value * 10.0 > Number::MAX_SAFE_INTEGER {
                    continue;
                }
                value = (value * 10.0 + f64::from(byte) - f64::from(b'0')).min(Number::MAX_SAFE_INTEGER);
                if point {
                    scale *= 10.0;
                }
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    digits.then_some(value / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-01-01T00:00:00Z
    const NOW: f64 = 1_704_067_200_000.0;
    const DATE: &[u8] = b"Mon, 01 Jan 2024 00:00:00 GMT";

    #[test]
    fn retry_after_by_table() {
        let table = [
            ("1", Some(1000.0)),
            (" 120 ", Some(120_000.0)),
            ("1.5", Some(1500.0)),
            ("0.25", Some(250.0)),
            ("0.15", Some(150.0)),
            (".5", Some(500.0)),
            ("2.", Some(2000.0)),
            ("0.1000000000000000000000000000001", Some(100.0)),
            ("120, 120", Some(120_000.0)),
            ("5, 120", Some(120_000.0)),
            ("5, soon", None),
            (", ", None),
            ("0", None),
            ("0.0", None),
            ("-1", None),
            ("+1", None),
            ("NaN", None),
            ("Infinity", None),
            ("1e12", None),
            ("1,5", None),
            ("1.2.3", None),
            (".", None),
            ("", None),
            ("soon", None),
            ("1000000000000", Some(1_000_000_000_000_000.0)),
            ("99999999999999999999999999", Some(Number::MAX_SAFE_INTEGER)),
            ("Mon, 01 Jan 2024 00:00:10 GMT", Some(10_000.0)),
            ("Monday, 01-Jan-24 00:00:10 GMT", Some(10_000.0)),
            ("Mon Jan  1 00:00:10 2024", Some(10_000.0)),
            ("Mon, 01 Jan 2024 00:00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799_000.0 - NOW)),
        ];
        for (text, expected) in table {
            let hints = WaitHints { retry_after: text.as_bytes(), ..WaitHints::default() };
            assert_eq!(hints.delay_ms(NOW), expected, "Retry-After: {text:?}");
        }
    }

    #[test]
    fn a_date_counts_from_the_responses_own_clock() {
        let hints = WaitHints {
            retry_after: b"Mon, 01 Jan 2024 00:00:30 GMT",
            date: b"Mon, 01 Jan 2024 00:00:20 GMT",
            ..WaitHints::default()
        };
        assert_eq!(hints.delay_ms(NOW), Some(10_000.0));
        let hints = WaitHints { date: b"no date", ..hints };
        assert_eq!(hints.delay_ms(NOW), Some(30_000.0));
    }

    #[test]
    fn retry_after_ms_by_table() {
        let table =
            [("250", Some(250.0)), ("0.5", Some(0.5)), ("0", None), ("-250", None), ("1e3", None), ("abc", None)];
        for (text, expected) in table {
            let hints = WaitHints { retry_after_ms: text.as_bytes(), ..WaitHints::default() };
            assert_eq!(hints.delay_ms(NOW), expected, "retry-after-ms: {text:?}");
        }
    }

    #[test]
    fn the_bodys_seconds_by_table() {
        let table = [
            (2.0, Some(2000.0)),
            (0.5, Some(500.0)),
            (0.0, None),
            (-3.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e12, Some(1e15)),
            (1e300, Some(Number::MAX_SAFE_INTEGER)),
        ];
        for (seconds, expected) in table {
            let hints = WaitHints { body_seconds: Some(seconds), ..WaitHints::default() };
            assert_eq!(hints.delay_ms(NOW), expected, "details.retry_after: {seconds}");
        }
    }

    #[test]
    fn the_exact_header_stands_in_for_the_coarse_one_and_the_longer_of_header_and_body_holds() {
        let hints = WaitHints { retry_after_ms: b"1500", retry_after: b"2", date: DATE, body_seconds: None };
        assert_eq!(hints.delay_ms(NOW), Some(1500.0));
        assert_eq!(WaitHints { body_seconds: Some(1.0), ..hints }.delay_ms(NOW), Some(1500.0));
        let hints = WaitHints { retry_after_ms: b"none", retry_after: b"2", date: b"", body_seconds: Some(3.0) };
        assert_eq!(hints.delay_ms(NOW), Some(3000.0));
        assert_eq!(WaitHints { body_seconds: Some(-1.0), ..hints }.delay_ms(NOW), Some(2000.0));
        assert_eq!(WaitHints::default().delay_ms(NOW), None);
    }
}
