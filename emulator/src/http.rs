//! HTTP requests and responses, as the service uses them.

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in upper case.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query without its question mark, still percent-encoded.
    pub query: String,
    /// Header fields; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Body {
    /// The whole body; empty for none.
    Bytes(Vec<u8>),
    /// The body is larger than the limit, and was not read to its end.
    TooLarge,
}

impl Default for Body {
    fn default() -> Self {
        Body::Bytes(Vec::new())
    }
}

/// A response.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header fields; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

impl Request {
    /// The first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The size of the body in bytes; 0 where it is too large.
    pub fn body_bytes(&self) -> u64 {
        match &self.body {
            Body::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Body::TooLarge => 0,
        }
    }

    /// The decoded parameters of the query (WHATWG URL §5.1, application/x-www-form-urlencoded).
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        let decode = |text: &str| percent_decode(&text.replace('+', " "));
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect()
    }
}

impl Response {
    /// Whether its status allows no body (Fetch standard, null body status).
    pub fn is_bodiless(&self) -> bool {
        matches!(self.status, 204 | 205 | 304)
    }
}

/// Splits an absolute URL (or a bare target) into path and query; the fragment is dropped.
pub fn split_url(url: &str) -> (String, String) {
    let url = url.split('#').next().unwrap_or_default();
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let path = match before.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => before,
    };
    (path.to_string(), query.to_string())
}

/// Decodes `%XX`. Bytes that are not UTF-8 become U+FFFD; a `%` without two hexadecimal digits is kept.
pub fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'%', [high, low, after @ ..]) => hex(*high).zip(hex(*low)).map(|pair| (pair, after)),
            _ => None,
        };
        match escaped {
            Some(((high, low), after)) => {
                bytes.push((high << 4) | low);
                rest = after;
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    crate::json::encode_plain(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_split_into_path_and_query() {
        for (url, path, query) in [
            ("https://api.claiv.io/v1/recall", "/v1/recall", ""),
            ("https://api.claiv.io", "/", ""),
            ("http://h:1/a%2Fb?x=1&y=2#z", "/a%2Fb", "x=1&y=2"),
            ("/healthz?", "/healthz", ""),
            ("https://h/?next=https://o/p", "/", "next=https://o/p"),
        ] {
            assert_eq!(split_url(url), (path.to_string(), query.to_string()), "{url}");
        }
    }

    #[test]
    fn escapes_decode() {
        for (text, decoded) in [
            ("a%20b", "a b"),
            ("%F0%9F%A7%A0", "🧠"),
            ("100%", "100%"),
            ("%zz%4", "%zz%4"),
            ("%ff", "\u{FFFD}"),
            ("%2f%2F", "//"),
        ] {
            assert_eq!(percent_decode(text), decoded, "{text}");
        }
        let request = Request { query: "a=1+2&b&=c&d=%26".into(), ..Request::default() };
        let pairs = request.query_pairs();
        let expected = [("a", "1 2"), ("b", ""), ("", "c"), ("d", "&")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_string(), value.to_string())));
    }
}
