//! Small pieces of sentences. Numbers are written by hand: `format!` alone would cost several kilobytes.

use wasm_bindgen::prelude::*;

use crate::platform::host;

/// `number` in decimal digits.
pub(crate) fn digits(number: u32) -> String {
    let mut text = String::new();
    let mut rest = number;
    loop {
        text.insert(0, char::from(b'0'.saturating_add((rest % 10) as u8)));
        rest /= 10;
        if rest == 0 {
            return text;
        }
    }
}

/// A number as JavaScript writes it.
pub(crate) fn number(value: f64) -> String {
    host::to_text(&JsValue::from_f64(value)).map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_by_table() {
        for number in [0, 7, 10, 99, 100, 404, 4_294_967_295] {
            assert_eq!(digits(number), number.to_string());
        }
    }
}
