//! Instants (milliseconds since 1970, UTC), days (counted from 1970), and their ISO 8601 form.
//!
//! The calendar is jiff's. Texts are parsed here, because jiff accepts more than the service does (`20240101`, offsets of hours only) and
//! treats a leap second as the second before it.

use jiff::Span;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;
/// The earliest instant: the start of the year 0000.
pub const MIN: i64 = -62_167_219_200_000;
/// The latest instant: the last millisecond of the year 9999.
pub const MAX: i64 = 253_402_300_799_999;

/// Parses an ISO 8601 date, or date and time, as RFC 3339 and Python's `isoformat` write them. Without an offset it is in UTC.
pub fn parse(text: &str) -> Option<i64> {
    let date = text.get(..10)?;
    let day = parse_date(date)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(day.saturating_mul(DAY_MS));
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let at = day.saturating_mul(DAY_MS).saturating_add(parse_clock(clock)?).saturating_sub(parse_zone(zone)?);
    (MIN..=MAX).contains(&at).then_some(at)
}

/// Parses `YYYY-MM-DD`; returns the day.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    date(year, month, day).map(day_of)
}

/// Parses `HH:MM`, with optional seconds and fraction; returns milliseconds since midnight.
fn parse_clock(text: &str) -> Option<i64> {
    let (hms, fraction) = text.split_once(['.', ',']).map_or((text, None), |(hms, fraction)| (hms, Some(fraction)));
    let mut parts = hms.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
    // RFC 3339 §5.6 allows 60 for a leap second.
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let millis = match fraction {
        None => 0,
        Some(fraction) if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            let padded = format!("{fraction:0<3}");
            digits(padded.get(..3)?, 3)?
        }
        Some(_) => return None,
    };
    let seconds = hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
    Some(seconds.saturating_mul(1000).saturating_add(millis))
}

/// Parses an offset from UTC, such as `Z`, `+02:00` or `-0130`; returns milliseconds.
fn parse_zone(text: &str) -> Option<i64> {
    let (sign, rest) = match text {
        "" | "Z" | "z" => return Some(0),
        _ => match text.strip_prefix('+') {
            Some(rest) => (1, rest),
            None => (-1, text.strip_prefix('-')?),
        },
    };
    let (hour, minute) = match rest.split_once(':') {
        Some(pair) => pair,
        None => (rest.get(..2)?, if rest.len() == 2 { "00" } else { rest.get(2..)? }),
    };
    let (hour, minute) = (digits(hour, 2)?, digits(minute, 2)?);
    (hour <= 23 && minute <= 59)
        .then(|| hour.saturating_mul(60).saturating_add(minute).saturating_mul(60_000).saturating_mul(sign))
}

/// Parses exactly `count` decimal digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// Writes an instant as `YYYY-MM-DDTHH:MM:SS.mmmZ`.
pub fn format(at: i64) -> String {
    let at = at.clamp(MIN, MAX);
    let (day, ms) = (at.div_euclid(DAY_MS), at.rem_euclid(DAY_MS));
    let (seconds, millis) = (ms / 1000, ms % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z", format_day(day))
}

/// Writes a day as `YYYY-MM-DD`.
pub fn format_day(day: i64) -> String {
    civil(day).to_string()
}

/// The day an instant falls on, in UTC.
pub fn day(at: i64) -> i64 {
    at.clamp(MIN, MAX).div_euclid(DAY_MS)
}

/// The first day of the month a day is in.
pub fn month_start(day: i64) -> i64 {
    day_of(civil(day).first_of_month())
}

/// The billing cycle that contains a day: its first day, and the first day of the next cycle. `cycle_day` is the day of the month on which
/// cycles start.
pub fn cycle(day: i64, cycle_day: i64) -> (i64, i64) {
    let today = civil(day);
    let of_month = |month: Date| date(month.year().into(), month.month().into(), cycle_day).unwrap_or(month);
    let this = of_month(today.first_of_month());
    let next = |from: Date| of_month(from.first_of_month().saturating_add(Span::new().months(1)));
    let before = |from: Date| of_month(from.first_of_month().saturating_sub(Span::new().months(1)));
    if today >= this { (day_of(this), day_of(next(this))) } else { (day_of(before(this)), day_of(this)) }
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// The day of a date.
fn day_of(date: Date) -> i64 {
    EPOCH.until(date).map_or(0, |span| span.get_days().into())
}

/// The date of a day.
fn civil(day: i64) -> Date {
    let days = Span::new().try_days(day.clamp(MIN.div_euclid(DAY_MS), MAX.div_euclid(DAY_MS)));
    days.map_or(EPOCH, |days| EPOCH.saturating_add(days))
}

/// Serialises days as `YYYY-MM-DD`.
pub mod iso_day {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the day.
    pub fn serialize<S: Serializer>(day: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::format_day(*day))
    }

    /// Reads the day.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = String::deserialize(from)?;
        super::parse_date(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no date")))
    }
}

/// Serialises instants as ISO 8601 text.
pub mod iso {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the instant.
    pub fn serialize<S: Serializer>(at: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::format(*at))
    }

    /// Reads the instant.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = String::deserialize(from)?;
        super::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no ISO 8601 time")))
    }
}

/// Serialises optional instants as ISO 8601 text or null.
pub mod iso_option {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the instant, or null.
    pub fn serialize<S: Serializer>(at: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => to.serialize_str(&super::format(*at)),
            None => to.serialize_none(),
        }
    }

    /// Reads the instant, or null.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let read =
            |text: String| super::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no ISO 8601 time")));
        text.map(read).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_parsed() {
        for (text, expected) in [
            ("1970-01-01", Some("1970-01-01T00:00:00.000Z")),
            ("2024-02-29T12:30:15.123Z", Some("2024-02-29T12:30:15.123Z")),
            ("2024-02-29T12:30:15.123456+02:00", Some("2024-02-29T10:30:15.123Z")),
            ("2024-02-29T00:15-0130", Some("2024-02-29T01:45:00.000Z")),
            ("2024-02-29 23:59:60z", Some("2024-03-01T00:00:00.000Z")),
            ("2024-02-29t23:59:59.9", Some("2024-02-29T23:59:59.900Z")),
            ("0000-01-01", Some("0000-01-01T00:00:00.000Z")),
            ("9999-12-31T23:59:59.999Z", Some("9999-12-31T23:59:59.999Z")),
            ("1969-12-31T23:59:59.999Z", Some("1969-12-31T23:59:59.999Z")),
            ("2024-01-01T00+05", None),
            ("2023-02-29", None),
            ("1900-02-29", None),
            ("2024-13-01", None),
            ("2024-1-1", None),
            ("20240101", None),
            ("2024-01-01T24:00Z", None),
            ("2024-01-01T12:00:00.Z", None),
            ("2024-01-01T12:00:00Zx", None),
            ("2024-01-01T12:00:00+5:00", None),
            ("0000-01-01T00:00+01:00", None),
            ("2024-01-01T", None),
            ("tomorrow", None),
            ("日本語日本語", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(format).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_day_is_parsed_as_it_was_formatted() {
        for at in (day(MIN)..=day(MAX)).step_by(17) {
            assert_eq!(parse_date(&format_day(at)), Some(at));
        }
        assert_eq!((format(i64::MIN), format(i64::MAX)), (format(MIN), format(MAX)));
    }

    #[test]
    fn cycles_and_months_start_where_they_should() {
        for (date, cycle_day, start, reset) in [
            ("2024-03-15", 1, "2024-03-01", "2024-04-01"),
            ("2024-03-15", 15, "2024-03-15", "2024-04-15"),
            ("2024-03-15", 28, "2024-02-28", "2024-03-28"),
            ("2024-01-02", 3, "2023-12-03", "2024-01-03"),
            ("2024-12-31", 1, "2024-12-01", "2025-01-01"),
        ] {
            let (from, to) = cycle(parse_date(date).unwrap_or_default(), cycle_day);
            assert_eq!((format_day(from).as_str(), format_day(to).as_str()), (start, reset), "{date} {cycle_day}");
        }
        assert_eq!(format_day(month_start(parse_date("2024-02-29").unwrap_or_default())), "2024-02-01");
    }
}
