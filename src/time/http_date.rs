//! Times as HTTP headers write them (RFC 9110 §5.6.7).

use super::{Cursor, days_since_epoch};

/// Reads an HTTP date in any of its three forms (RFC 9110 §5.6.7) as milliseconds since 1970.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let mut rest = Cursor(text.trim_ascii());
    let letters = rest.letters();
    let (year, month, day, clock);
    if rest.one_of(b",").is_some() {
        rest.one_of(b" ")?;
        day = rest.digits(2)?;
        let dash = rest.one_of(b" -")? == b'-';
        month = rest.month()?;
        rest.one_of(b" -")?;
        year = if dash { short_year(rest.digits(2)?) } else { rest.digits(4)? };
        rest.one_of(b" ")?;
        clock = rest.clock()?;
        rest.one_of(b" ")?;
        rest.0 = rest.0.strip_prefix(b"GMT")?;
    } else {
        // asctime: Sun Nov  6 08:49:37 1994
        rest.one_of(b" ")?;
        month = rest.month()?;
        rest.one_of(b" ")?;
        day = if rest.one_of(b" ").is_some() { rest.digits(1)? } else { rest.digits(2)? };
        rest.one_of(b" ")?;
        clock = rest.clock()?;
        rest.one_of(b" ")?;
        year = rest.digits(4)?;
    }
    if letters < 3 || !rest.is_empty() {
        return None;
    }
    Some(days_since_epoch(year, month, day)?.wrapping_mul(86_400).wrapping_add(clock).wrapping_mul(1000))
}

/// The year meant by two digits. No date of this API lies before 1970, so that year fixes the century.
fn short_year(year: u32) -> u32 {
    year.wrapping_add(if year < 70 { 2000 } else { 1900 })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_three_forms_of_an_http_date_are_read() {
        let table = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777_000)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777_000)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777_000)),
            ("Sun Nov 16 08:49:37 1994", Some(784_975_777_000)),
            (" Thu, 01 Jan 1970 00:00:00 GMT ", Some(0)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799_000)),
            ("Monday, 01-Jan-24 00:00:00 GMT", Some(1_704_067_200_000)),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 06 Nov 1994 08:49:37", None),
            ("Sun, 31 Feb 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 24:49:37 GMT", None),
            ("Sun, 06 nov 1994 08:49:37 GMT", None),
            (", 06 Nov 1994 08:49:37 GMT", None),
            ("tomorrow", None),
            ("", None),
            ("120", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text.as_bytes()), expected, "{text:?}");
        }
    }
}
