//! Reads the fields of a request and gathers every fault, so that one answer names them all.

use crate::errors::{ApiError, Issue};
use crate::json::whole;
use crate::time;
use serde_json::{Map, Value};

/// The fields of a body or a query. An absent field and null are the same: Python clients send both.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    /// A query holds text only; its numbers are read from it.
    from_query: bool,
    issues: Vec<Issue>,
}

impl Fields {
    /// The fields of a JSON body.
    pub fn of_body(body: &[u8]) -> Result<Fields, ApiError> {
        if body.is_empty() {
            return Err(ApiError::unreadable("is missing; a JSON object is expected"));
        }
        // RFC 8259 §8.1: UTF-8, and a byte order mark may be ignored.
        let text = std::str::from_utf8(body).map_err(|_| ApiError::unreadable("is not UTF-8"))?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        match crate::json::parse(text) {
            Ok(Value::Object(map)) => Ok(Fields { map, from_query: false, issues: Vec::new() }),
            Ok(_) => Err(ApiError::unreadable("must be a JSON object")),
            Err(error) => Err(ApiError::unreadable(&format!("is not valid JSON ({error})"))),
        }
    }

    /// The fields of a query; of a repeated one the last counts.
    pub fn of_query(pairs: Vec<(String, String)>) -> Fields {
        let map = pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        Fields { map, from_query: true, issues: Vec::new() }
    }

    /// Fails with all faults found so far.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.issues.is_empty() { Ok(()) } else { Err(ApiError::invalid(&self.issues)) }
    }

    /// Notes a fault.
    pub fn fault(&mut self, path: &str, message: impl Into<String>) {
        self.issues.push(Issue { path: path.into(), message: message.into() });
    }

    /// Refuses every field but these: in a deletion, what is not known limits nothing, and more would be deleted than was meant.
    pub fn only(&mut self, known: &[&str]) {
        let unknown: Vec<String> = self.map.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect();
        for name in unknown {
            self.fault(&name, "is not a field of this deletion, and would not limit it");
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.map.get_mut(name).map(Value::take).filter(|value| !value.is_null())
    }

    /// A text that may be absent, but not empty.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if !text.is_empty() => return Some(text),
            Value::String(_) => self.fault(name, "must not be empty"),
            _ => self.fault(name, "must be a string"),
        }
        None
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &str) -> String {
        if self.missing(name) { String::new() } else { self.text(name).unwrap_or_default() }
    }

    fn missing(&mut self, name: &str) -> bool {
        let missing = self.map.get(name).is_none_or(Value::is_null);
        if missing {
            self.fault(name, "is required");
        }
        missing
    }

    /// One of a few words.
    pub fn word(&mut self, name: &str, words: &[&str]) -> Option<String> {
        let value = self.take(name)?;
        match value.as_str().filter(|text| words.contains(text)) {
            Some(text) => Some(text.to_string()),
            None => {
                self.fault(name, format!("must be one of {}", words.join(", ")));
                None
            }
        }
    }

    /// One of a few words, which must be there.
    pub fn required_word(&mut self, name: &str, words: &[&str]) -> String {
        if self.missing(name) { String::new() } else { self.word(name, words).unwrap_or_default() }
    }

    /// An object.
    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.take(name)? {
            Value::Object(map) => return Some(map),
            _ => self.fault(name, "must be an object"),
        }
        None
    }

    /// The fields of an object; none where it is absent. Its faults are to be [joined](Fields::join).
    pub fn within(&mut self, name: &str) -> Fields {
        Fields { map: self.object(name).unwrap_or_default(), from_query: false, issues: Vec::new() }
    }

    /// Adds the faults of an object's fields.
    pub fn join(&mut self, name: &str, of: Fields) {
        for issue in of.issues {
            self.fault(&format!("{name}.{}", issue.path), issue.message);
        }
    }

    /// True or false.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.take(name).map(|value| value.as_bool())?;
        if flag.is_none() {
            self.fault(name, "must be true or false");
        }
        flag
    }

    /// A list of texts, which must be there.
    pub fn required_texts(&mut self, name: &str) -> Vec<String> {
        if self.missing(name) { Vec::new() } else { self.texts(name).unwrap_or_default() }
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let texts = value.as_array().map(|items| items.iter().map(|item| item.as_str().map(String::from)));
        let texts = texts.and_then(|items| items.collect::<Option<Vec<String>>>());
        if texts.is_none() {
            self.fault(name, "must be an array of strings");
        }
        texts
    }

    /// An ISO 8601 date or time.
    pub fn time(&mut self, name: &str) -> Option<i64> {
        let at = self.take(name).map(|value| value.as_str().and_then(time::parse))?;
        if at.is_none() {
            self.fault(name, "must be an ISO 8601 date or time");
        }
        at
    }

    /// An ISO 8601 date or time, or the seconds (beyond 100 billion the milliseconds) since 1970.
    pub fn instant(&mut self, name: &str) -> Option<i64> {
        let Some(number) = self.map.get(name).and_then(Value::as_f64) else {
            return self.time(name);
        };
        let ms = if number.abs() < 1e11 { number * 1000.0 } else { number };
        let at = whole(ms.round()).filter(|at| (time::MIN..=time::MAX).contains(at));
        if at.is_none() {
            self.fault(name, "must be a time in the years 0 to 9999");
        }
        at
    }

    /// A number within bounds.
    pub fn number(&mut self, name: &str, min: f64, max: f64) -> Option<f64> {
        let number = self.take(name).map(|value| value.as_f64().filter(|number| (min..=max).contains(number)))?;
        if number.is_none() {
            self.fault(name, format!("must be a number from {min} to {max}"));
        }
        number
    }

    /// A whole number within bounds.
    pub fn integer(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.take(name)?;
        let number = match &value {
            Value::String(text) if self.from_query => text.parse().ok(),
            // JavaScript and JSON make no difference between 200 and 200.0.
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            _ => None,
        };
        let number = number.filter(|number| (min..=max).contains(number));
        if number.is_none() && max == i64::MAX {
            self.fault(name, format!("must be an integer of at least {min}"));
        } else if number.is_none() {
            self.fault(name, format!("must be an integer from {min} to {max}"));
        }
        number
    }

    /// A whole number within bounds, which must be there.
    pub fn required_integer(&mut self, name: &str, min: i64, max: i64) -> i64 {
        if self.missing(name) { min } else { self.integer(name, min, max).unwrap_or(min) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn fields(body: &Value) -> Fields {
        Fields::of_body(body.to_string().as_bytes()).unwrap()
    }

    fn paths(fields: &Fields) -> Vec<String> {
        let body = fields.check().err().map(|error| error.body("req_1"));
        let issues = body.as_ref().and_then(|body| body.pointer("/error/details/issues"));
        issues
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|issue| issue.get("path").unwrap().as_str().unwrap().to_string())
            .collect()
    }

    #[test]
    fn all_faults_are_told_together() {
        let mut of = fields(
            &json!({ "a": "", "b": 1, "c": "x", "d": [], "e": ["x", 1], "f": "soon", "g": 2, "h": 7.5, "i": null }),
        );
        of.text("a");
        of.text("b");
        of.word("c", &["y"]);
        of.object("d");
        of.texts("e");
        of.time("f");
        of.number("g", 0.0, 1.0);
        of.required_integer("h", 0, 10);
        of.required_text("i");
        of.required_word("j", &["y"]);
        of.text("k");
        assert_eq!(paths(&of), ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    }

    #[test]
    fn good_fields_are_read() {
        let mut of = fields(
            &json!({ "a": "x", "n": 200.0, "i": 8000, "t": "1970-01-02", "l": ["p"], "o": { "k": 1 }, "z": null, "f": 0 }),
        );
        assert_eq!(of.required_text("a"), "x");
        assert_eq!(of.required_integer("n", 200, 8000), 200);
        assert_eq!(of.integer("i", 200, 8000), Some(8000));
        assert_eq!(of.time("t"), Some(time::DAY_MS));
        assert_eq!(of.texts("l"), Some(vec!["p".to_string()]));
        assert_eq!(of.object("o").unwrap().len(), 1);
        assert_eq!(of.number("f", 0.0, 1.0), Some(0.0));
        assert_eq!(of.text("z"), None);
        assert!(of.check().is_ok());
    }

    #[test]
    fn numbers_of_a_query_are_text() {
        for (text, expected) in
            [("20", Some(20)), ("0", None), ("1.5", None), ("", None), ("x", None), ("99999999999999999999", None)]
        {
            let mut of = Fields::of_query(vec![("limit".into(), text.into())]);
            assert_eq!(of.integer("limit", 1, 100), expected, "{text}");
            assert_eq!(of.check().is_ok(), expected.is_some());
        }
        assert!(fields(&json!({ "limit": "20" })).integer("limit", 1, 100).is_none());
    }

    #[test]
    fn unreadable_bodies_are_faults_of_the_body() {
        for body in [&b""[..], b"[]", b"null", b"{", b"\xff\xfe", b"\"x\"", b"<html>"] {
            let error = Fields::of_body(body).unwrap_err();
            assert_eq!((error.status, error.code.as_str()), (400, "invalid_request"));
        }
        assert!(Fields::of_body("\u{FEFF}{}".as_bytes()).is_ok());
    }
}
