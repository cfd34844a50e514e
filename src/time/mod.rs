//! Reading times. Whole numbers only: parsing floats alone would cost more than all other checks of the client.

pub(crate) mod http_date;
pub(crate) mod iso8601;

/// Days from 1970-01-01 in the proleptic Gregorian calendar, `None` for a day that does not exist.
fn days_since_epoch(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > length {
        return None;
    }
    // Years counted from March put the leap day last.
    let (year, month) =
        if month > 2 { (year, month.checked_sub(3)?) } else { (year.checked_sub(1)?, month.checked_add(9)?) };
    let day_of_year = month.checked_mul(153)?.checked_add(2)?.checked_div(5)?.checked_add(day)?.checked_sub(1)?;
    year.checked_mul(365)?
        .checked_add(year.div_euclid(4))?
        .checked_sub(year.div_euclid(100))?
        .checked_add(year.div_euclid(400))?
        .checked_add(day_of_year)?
        .checked_sub(719_468)
}

/// The rest of a text that is being read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn next_if(&mut self, wanted: impl FnOnce(u8) -> bool) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        wanted(*first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn expect(&mut self, byte: u8) -> Option<u8> {
        self.next_if(|b| b == byte)
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        self.next_if(|b| bytes.contains(&b))
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: u32) -> Option<i64> {
        let mut number = 0i64;
        for _ in 0..count {
            let digit = self.next_if(|b| b.is_ascii_digit())?;
            number = number.checked_mul(10)?.checked_add(i64::from(digit.checked_sub(b'0')?))?;
        }
        Some(number)
    }

    /// One or more digits of a second's fraction; what lies below a nanosecond is dropped.
    fn nanos(&mut self) -> Option<u32> {
        let mut unit = 100_000_000u32;
        let mut nanos = 0u32;
        let mut seen = false;
        while let Some(digit) = self.next_if(|b| b.is_ascii_digit()) {
            seen = true;
            nanos = nanos.checked_add(u32::from(digit.checked_sub(b'0')?).checked_mul(unit)?)?;
            unit /= 10;
        }
        seen.then_some(nanos)
    }

    fn offset_minutes(&mut self) -> Option<i64> {
        if self.one_of(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.digits(2)?;
        let colon = self.expect(b':').is_some();
        let minutes = if colon || !self.is_empty() { self.digits(2)? } else { 0 };
        if hours > 23 || minutes > 59 {
            return None;
        }
        hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(sign)
    }

    fn word(&mut self) -> &'a [u8] {
        let length = self.0.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let (word, rest) = self.0.split_at_checked(length).unwrap_or((&[], self.0));
        self.0 = rest;
        word
    }

    fn month(&mut self) -> Option<i64> {
        let word = self.word();
        let place = b"JanFebMarAprMayJunJulAugSepOctNovDec".chunks_exact(3).position(|name| name == word)?;
        i64::try_from(place).ok()?.checked_add(1)
    }

    /// `hh:mm:ss` in seconds.
    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(2)?;
        self.expect(b':')?;
        let minute = self.digits(2)?;
        self.expect(b':')?;
        let second = self.digits(2)?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?.checked_add(second)
    }
}
