//! Reading times. Whole numbers only: parsing floats would add more bytes to the module than all other checks of the client.

pub(crate) mod http_date;
pub(crate) mod iso8601;

/// Days from 1970-01-01 in the proleptic Gregorian calendar, `None` for a day that does not exist. A year has four digits at most, so
/// nothing here or below comes near the range of its type.
fn days_since_epoch(year: u32, month: u32, day: u32) -> Option<i64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28u32.wrapping_add(leap.into()),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > length {
        return None;
    }
    // The "days from civil" algorithm: years counted from March put the leap day last, and (153 months + 2) / 5 are the days before a
    // month of such a year. 400 years are added, so that none is below 0; 865,566 is the number of days from there to 1970.
    let months = month.wrapping_add(9);
    let year = year.wrapping_add(399).wrapping_add(months / 12);
    let day_of_year = (months % 12).wrapping_mul(153).wrapping_add(2).wrapping_div(5).wrapping_add(day);
    let days = year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
    Some(i64::from(days.wrapping_add(day_of_year)).wrapping_sub(865_566))
}

/// The rest of a text that is being read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte, if it is one of these.
    #[inline(never)]
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        // `contains` would bring a search that is made for long texts.
        for byte in bytes {
            if byte == first {
                self.0 = rest;
                return Some(*first);
            }
        }
        None
    }

    /// Exactly `count` digits.
    #[inline(never)]
    fn digits(&mut self, count: u32) -> Option<u32> {
        let mut number = 0u32;
        for _ in 0..count {
            number = number.wrapping_mul(10).wrapping_add(self.digit()?);
        }
        Some(number)
    }

    fn digit(&mut self) -> Option<u32> {
        Some(u32::from(self.one_of(b"0123456789")?.wrapping_sub(b'0')))
    }

    /// One or more digits of a second's fraction; what lies below a nanosecond is dropped.
    fn nanos(&mut self) -> Option<u32> {
        let mut unit = 100_000_000u32;
        let mut nanos = self.digit()?.wrapping_mul(unit);
        while let Some(digit) = self.digit() {
            unit /= 10;
            nanos = nanos.wrapping_add(digit.wrapping_mul(unit));
        }
        Some(nanos)
    }

    fn offset_minutes(&mut self) -> Option<i64> {
        if self.one_of(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.digits(2)?;
        let colon = self.one_of(b":").is_some();
        let minutes = if colon || !self.is_empty() { self.digits(2)? } else { 0 };
        (hours < 24 && minutes < 60).then(|| i64::from(hours.wrapping_mul(60).wrapping_add(minutes)).wrapping_mul(sign))
    }

    /// How many letters come next; they are skipped.
    fn letters(&mut self) -> usize {
        let before = self.0.len();
        while let Some((first, rest)) = self.0.split_first()
            && first.is_ascii_alphabetic()
        {
            self.0 = rest;
        }
        before.wrapping_sub(self.0.len())
    }

    fn month(&mut self) -> Option<u32> {
        let (word, rest) = self.0.split_at_checked(3)?;
        let place = b"JanFebMarAprMayJunJulAugSepOctNovDec".chunks_exact(3).position(|name| name == word)?;
        self.0 = rest;
        Some((place as u32).wrapping_add(1))
    }

    /// `hh:mm:ss` in seconds.
    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(2)?;
        self.one_of(b":")?;
        let minute = self.digits(2)?;
        self.one_of(b":")?;
        let second = self.digits(2)?;
        (hour < 24 && minute < 60 && second <= 60).then(|| clock(hour, minute, second))
    }
}

/// A time of day in seconds.
fn clock(hour: u32, minute: u32, second: u32) -> i64 {
    hour.wrapping_mul(3600).wrapping_add(minute.wrapping_mul(60)).wrapping_add(second).into()
}
