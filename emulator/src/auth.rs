//! API keys: checks them, and keeps them out of everything that is recorded.

use crate::errors::ApiError;
use crate::http::Request;
use serde_json::Value;

/// What replaces a key in a record.
pub const REDACTED: &str = "[redacted]";
/// The shortest key, in bytes, that is replaced within longer texts. A shorter one could be part of any word, and is only replaced where it
/// is the whole text.
const MIN_REPLACED: usize = 8;
/// Header fields whose values are always replaced.
const SECRET_FIELDS: &[&str] = &["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key"];

/// The bearer token of a request (RFC 6750 §2.1). The name of the scheme is case-insensitive (RFC 9110 §11.1).
pub fn bearer_key(request: &Request) -> Option<&str> {
    let (scheme, key) = request.header("authorization")?.trim().split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// Fails with 401 unless the request has an accepted key; any key is accepted where `keys` is `None`.
pub fn authenticate(request: &Request, keys: Option<&[String]>) -> Result<(), ApiError> {
    let Some(key) = bearer_key(request) else {
        return Err(ApiError::unauthorized("An API key is required: Authorization: Bearer <key>."));
    };
    if keys.is_none_or(|keys| keys.iter().any(|known| known == key)) {
        Ok(())
    } else {
        Err(ApiError::unauthorized("The API key is not valid."))
    }
}

/// Removes the key of a request from everything that is recorded of the request.
#[derive(Debug)]
pub struct Redactor {
    key: Option<String>,
}

impl Redactor {
    /// A redactor for the key that this request was sent with.
    pub fn of(request: &Request) -> Self {
        // Everything after the scheme, or the whole field without one: a malformed field may contain a key as well.
        let sent = request
            .header("authorization")
            .map(|value| value.trim().split_once(' ').map_or(value, |(_, key)| key).trim());
        Redactor { key: sent.filter(|key| !key.is_empty()).map(String::from) }
    }

    /// Redacts the value of a header field.
    pub fn header(&self, name: &str, value: &str) -> String {
        if SECRET_FIELDS.contains(&name) || self.key.as_deref() == Some(value) {
            REDACTED.into()
        } else {
            self.text(value)
        }
    }

    /// Redacts a text.
    pub fn text(&self, text: &str) -> String {
        match &self.key {
            Some(key) if text == key => REDACTED.into(),
            Some(key) if key.len() >= MIN_REPLACED => text.replace(key, REDACTED),
            _ => text.into(),
        }
    }

    /// Redacts a path, in which the key may be percent-encoded.
    pub fn path(&self, path: &str) -> String {
        let hidden = self.text(path);
        let decoded = crate::http::percent_decode(&hidden);
        let shown = self.text(&decoded);
        if shown == decoded { hidden } else { shown }
    }

    /// Redacts a JSON value, the names of fields included.
    pub fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => map.into_iter().map(|(name, item)| (self.text(&name), self.value(item))).collect(),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn with(authorization: &str) -> Request {
        Request { headers: vec![("authorization".into(), authorization.into())], ..Request::default() }
    }

    #[test]
    fn keys_are_read_from_the_field() {
        for (field, expected) in [
            ("Bearer k", Some("k")),
            ("bearer  k ", Some("k")),
            ("BEARER a b", Some("a b")),
            ("Bearer ", None),
            ("Bearer", None),
            ("Basic k", None),
            ("", None),
        ] {
            assert_eq!(bearer_key(&with(field)), expected, "{field}");
        }
        assert_eq!(bearer_key(&Request::default()), None);
    }

    #[test]
    fn only_known_keys_are_let_in() {
        let keys = vec!["one".to_string(), "two".to_string()];
        assert!(authenticate(&with("Bearer two"), Some(&keys)).is_ok());
        assert!(authenticate(&with("Bearer three"), None).is_ok());
        for request in [with("Bearer three"), with("Bearer"), Request::default()] {
            let error = authenticate(&request, Some(&keys)).err();
            assert_eq!(error.map(|error| error.status), Some(401));
        }
    }

    #[test]
    fn no_record_shows_the_key() {
        let secret = "sk-long-secret";
        let hide = Redactor::of(&with(&format!("Bearer {secret}")));
        assert_eq!(hide.header("authorization", "Basic other"), REDACTED);
        assert_eq!(hide.header("x-api-key", "other"), REDACTED);
        assert_eq!(hide.header("x-debug", &format!("k={secret}")), "k=[redacted]");
        assert_eq!(hide.path("/a/sk%2Dlong-secret"), "/a/[redacted]");
        assert_eq!(hide.path("/a%2Fb"), "/a%2Fb");
        let body = hide.value(json!({ "sk-long-secret": ["x", { "y": "is sk-long-secret!" }], "n": 1 }));
        assert!(!body.to_string().contains(secret), "{body}");
        let short = Redactor::of(&with("Bearer k"));
        assert_eq!(short.value(json!({ "task": "k", "work": 1 })), json!({ "task": REDACTED, "work": 1 }));
    }
}
