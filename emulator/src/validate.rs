//! Reads and validates the fields of a request. Collects all issues, so that one response names every one of them.

use crate::errors::{ApiError, Issue};
use crate::json::whole;
use crate::time;
use serde_json::{Map, Value};

/// The fields of a body or a query, and the issues found so far. A field that is null counts as absent, as Python clients send nulls.
///
/// Each method that reads a field removes it. Where the value is wrong it adds an issue and returns `None` or an empty value, so a handler must
/// call [`check`](Fields::check) before it uses the values.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    /// Whether the fields are of a query, where numbers are given as text.
    from_query: bool,
    issues: Vec<Issue>,
}

impl Fields {
    /// Parses a JSON body; fails with 400 where it is no JSON object.
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

    /// The fields of a query; the last one counts where a field is repeated.
    pub fn of_query(pairs: Vec<(String, String)>) -> Fields {
        let map = pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        Fields { map, from_query: true, issues: Vec::new() }
    }

    /// Fails with 400 and all issues, if there are any.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.issues.is_empty() { Ok(()) } else { Err(ApiError::invalid(&self.issues)) }
    }

    /// Adds an issue.
    pub fn add_issue(&mut self, path: &str, message: impl Into<String>) {
        self.issues.push(Issue { path: path.into(), message: message.into() });
    }

    /// Adds an issue for each field that is not known. For deletions: a misspelt field would not limit the deletion, and more would be deleted
    /// than was meant.
    pub fn reject_unknown(&mut self, known: &[&str]) {
        let unknown: Vec<String> = self.map.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect();
        for name in unknown {
            self.add_issue(&name, "is not a field of this deletion, and would not limit it");
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.map.get_mut(name).map(Value::take).filter(|value| !value.is_null())
    }

    /// Reads an optional text, which must not be empty.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) if !text.is_empty() => return Some(text),
            Value::String(_) => self.add_issue(name, "must not be empty"),
            _ => self.add_issue(name, "must be a string"),
        }
        None
    }

    /// Reads a required text.
    pub fn required_text(&mut self, name: &str) -> String {
        if self.missing(name) { String::new() } else { self.text(name).unwrap_or_default() }
    }

    /// Whether a required field is absent; adds an issue then.
    fn missing(&mut self, name: &str) -> bool {
        let missing = self.map.get(name).is_none_or(Value::is_null);
        if missing {
            self.add_issue(name, "is required");
        }
        missing
    }

    /// Reads an optional text that must be one of these.
    pub fn one_of(&mut self, name: &str, words: &[&str]) -> Option<String> {
        let value = self.take(name)?;
        match value.as_str().filter(|text| words.contains(text)) {
            Some(text) => Some(text.to_string()),
            None => {
                self.add_issue(name, format!("must be one of {}", words.join(", ")));
                None
            }
        }
    }

    /// Reads a required text that must be one of these.
    pub fn required_one_of(&mut self, name: &str, words: &[&str]) -> String {
        if self.missing(name) { String::new() } else { self.one_of(name, words).unwrap_or_default() }
    }

    /// Reads an optional object.
    pub fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.take(name)? {
            Value::Object(map) => return Some(map),
            _ => self.add_issue(name, "must be an object"),
        }
        None
    }

    /// The fields of an optional object. The caller must pass them to [`join_issues`](Fields::join_issues) after reading them.
    pub fn object_fields(&mut self, name: &str) -> Fields {
        Fields { map: self.object(name).unwrap_or_default(), from_query: false, issues: Vec::new() }
    }

    /// Adds the issues of the fields of an object.
    pub fn join_issues(&mut self, name: &str, of: Fields) {
        for issue in of.issues {
            self.add_issue(&format!("{name}.{}", issue.path), issue.message);
        }
    }

    /// Reads an optional boolean.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.take(name).map(|value| value.as_bool())?;
        if flag.is_none() {
            self.add_issue(name, "must be true or false");
        }
        flag
    }

    /// Reads a required array of texts.
    pub fn required_texts(&mut self, name: &str) -> Vec<String> {
        if self.missing(name) { Vec::new() } else { self.texts(name).unwrap_or_default() }
    }

    /// Reads an optional array of texts.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let value = self.take(name)?;
        let texts = value.as_array().map(|items| items.iter().map(|item| item.as_str().map(String::from)));
        let texts = texts.and_then(|items| items.collect::<Option<Vec<String>>>());
        if texts.is_none() {
            self.add_issue(name, "must be an array of strings");
        }
        texts
    }

    /// Reads an optional ISO 8601 date or time; returns milliseconds since 1970.
    pub fn time(&mut self, name: &str) -> Option<i64> {
        let at = self.take(name).map(|value| value.as_str().and_then(time::parse))?;
        if at.is_none() {
            self.add_issue(name, "must be an ISO 8601 date or time");
        }
        at
    }

    /// The same, or a number: seconds since 1970, or milliseconds where it is 100 billion or more, as requests of V5 have it.
    pub fn instant(&mut self, name: &str) -> Option<i64> {
        let Some(number) = self.map.get(name).and_then(Value::as_f64) else {
            return self.time(name);
        };
        let ms = if number.abs() < 1e11 { number * 1000.0 } else { number };
        let at = whole(ms.round()).filter(|at| (time::MIN..=time::MAX).contains(at));
        if at.is_none() {
            self.add_issue(name, "must be a time in the years 0 to 9999");
        }
        at
    }

    /// Reads an optional number from `min` to `max`.
    pub fn number(&mut self, name: &str, min: f64, max: f64) -> Option<f64> {
        let number = self.take(name).map(|value| value.as_f64().filter(|number| (min..=max).contains(number)))?;
        if number.is_none() {
            self.add_issue(name, format!("must be a number from {min} to {max}"));
        }
        number
    }

    /// Reads an optional integer from `min` to `max`.
    pub fn integer(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let value = self.take(name)?;
        let number = match &value {
            Value::String(text) if self.from_query => text.parse().ok(),
            // 200.0 is the same number as 200 in JavaScript.
            Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
            _ => None,
        };
        let number = number.filter(|number| (min..=max).contains(number));
        if number.is_none() && max == i64::MAX {
            self.add_issue(name, format!("must be an integer of at least {min}"));
        } else if number.is_none() {
            self.add_issue(name, format!("must be an integer from {min} to {max}"));
        }
        number
    }

    /// Reads a required integer from `min` to `max`.
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
    fn all_issues_are_returned_together() {
        let mut of = fields(
            &json!({ "a": "", "b": 1, "c": "x", "d": [], "e": ["x", 1], "f": "soon", "g": 2, "h": 7.5, "i": null }),
        );
        of.text("a");
        of.text("b");
        of.one_of("c", &["y"]);
        of.object("d");
        of.texts("e");
        of.time("f");
        of.number("g", 0.0, 1.0);
        of.required_integer("h", 0, 10);
        of.required_text("i");
        of.required_one_of("j", &["y"]);
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
    fn unreadable_bodies_are_issues_of_the_body() {
        for body in [&b""[..], b"[]", b"null", b"{", b"\xff\xfe", b"\"x\"", b"<html>"] {
            let error = Fields::of_body(body).unwrap_err();
            assert_eq!((error.status, error.code.as_str()), (400, "invalid_request"));
        }
        assert!(Fields::of_body("\u{FEFF}{}".as_bytes()).is_ok());
    }
}
