//! The base URL: where requests, and the API key with them, may be sent.

use wasm_bindgen::prelude::*;
use web_sys::Url;

use crate::host::{Name, concat};
use crate::rules::{FieldPath, Issues};

/// The address of the API (`docs/api-contract.md`).
const DEFAULT: &str = "https://api.claiv.io";

/// The base that paths are appended to: no trailing slash, a path prefix kept.
pub(super) fn read(value: &JsValue, insecure_allowed: bool, issues: &mut Issues) -> String {
    if value.is_undefined() {
        return DEFAULT.into();
    }
    #[cfg(feature = "debug")]
    crate::debug::panic_where_asked(value);
    let path = FieldPath::of(Name::BaseUrl);
    // What is no string is no URL either.
    let text = value.as_string().unwrap_or_default();
    if text.starts_with('/') && !text.starts_with("//") {
        issues.add(
            path,
            &[
                "must be an absolute http or https URL: for the page's own server, write `${location.origin}",
                &text,
                "`",
            ],
        );
        return String::new();
    }
    let Ok(url) = Url::new(&text) else {
        issues.add_expected(path, "an absolute http or https URL such as https://api.claiv.io", value);
        return String::new();
    };
    let href = url.href();
    let url = Parts::of(&href);
    if url.scheme != "https:" && url.scheme != "http:" {
        issues.add(path, &["must begin with https:// (or http:// for a server on this machine)"]);
    }
    if url.has_user {
        issues.add(path, &["must not carry a user name or password"]);
    } else if url.has_query {
        issues.add(path, &["must not have a query or a fragment"]);
    } else if url.scheme == "http:" && !insecure_allowed && !is_loopback(url.hostname().as_bytes()) {
        issues.add(path, &["is plain http to another machine, which would send the API key readable; use https, or set allowInsecureHttp: true"]);
    }
    concat(&[url.scheme, "//", url.host, url.prefix])
}

/// The parts of a URL as the host's parser writes it: in lower case where case does not matter, and percent-encoded.
struct Parts<'a> {
    /// With its colon.
    scheme: &'a str,
    has_user: bool,
    /// With its port, where that is not the scheme's own.
    host: &'a str,
    /// The path without the slashes at its end.
    prefix: &'a str,
    /// True for a query or a fragment, but not for the bare mark of one.
    has_query: bool,
}

impl Parts<'_> {
    fn of(href: &str) -> Parts<'_> {
        let at = |text: &str, marks: &[u8]| text.bytes().position(|byte| marks.contains(&byte)).unwrap_or(text.len());
        let (scheme, rest) = split_at(href, at(href, b":").wrapping_add(1));
        let (_, rest) = split_at(rest, if rest.starts_with("//") { 2 } else { 0 });
        let (authority, rest) = split_at(rest, at(rest, b"/?#"));
        let (path, rest) = split_at(rest, at(rest, b"?#"));
        let user = at(authority, b"@").wrapping_add(1);
        let has_user = user <= authority.len();
        let (_, host) = split_at(authority, if has_user { user } else { 0 });
        let mut end = path.len();
        while split_at(path, end).0.ends_with('/') {
            end = end.wrapping_sub(1);
        }
        Parts { scheme, has_user, host, prefix: split_at(path, end).0, has_query: rest.len() > 1 && rest != "?#" }
    }

    /// The host without its port.
    fn hostname(&self) -> &str {
        let end = if self.host.starts_with('[') {
            self.host.bytes().position(|byte| byte == b']').map(|end| end.wrapping_add(1))
        } else {
            self.host.bytes().position(|byte| byte == b':')
        };
        split_at(self.host, end.unwrap_or(self.host.len())).0
    }
}

/// The text of a URL, which is ASCII, before and from a place on.
fn split_at(text: &str, place: usize) -> (&str, &str) {
    text.split_at_checked(place).unwrap_or((text, ""))
}

/// True for names and addresses of this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), in the form that URL parsers
/// give them.
fn is_loopback(hostname: &[u8]) -> bool {
    let name = hostname.strip_suffix(b".").unwrap_or(hostname);
    name == b"localhost" || name.ends_with(b".localhost") || name == b"[::1]" || is_ipv4_loopback(name)
}

/// A URL parser has turned every spelling of an IPv4 address into four decimal numbers.
fn is_ipv4_loopback(name: &[u8]) -> bool {
    let (mut dots, mut before) = (0, b'.');
    for byte in name {
        match byte {
            b'.' if before != b'.' => dots = u32::wrapping_add(dots, 1),
            b'0'..=b'9' => {}
            _ => return false,
        }
        before = *byte;
    }
    dots == 3 && before != b'.' && name.len() < 16 && name.starts_with(b"127.")
}

#[cfg(test)]
mod tests {
    use super::{Parts, is_loopback};

    #[test]
    fn a_url_is_taken_apart() {
        let parts = |href| {
            let url = Parts::of(href);
            (url.scheme.to_owned(), url.host.to_owned(), url.hostname().to_owned(), url.prefix.to_owned())
        };
        let expected = |parts: [&str; 4]| {
            let [scheme, host, hostname, prefix] = parts.map(str::to_owned);
            (scheme, host, hostname, prefix)
        };
        for (href, is) in [
            ("https://api.claiv.io/", ["https:", "api.claiv.io", "api.claiv.io", ""]),
            ("http://localhost:8787/a/b//", ["http:", "localhost:8787", "localhost", "/a/b"]),
            ("http://[::1]:1/", ["http:", "[::1]:1", "[::1]", ""]),
            ("https://u:p@h.example/x?y#z", ["https:", "h.example", "h.example", "/x"]),
            ("file:///etc/passwd", ["file:", "", "", "/etc/passwd"]),
            ("data:text/plain,x", ["data:", "text", "text", "/plain,x"]),
            ("mailto:a@b.example", ["mailto:", "b.example", "b.example", ""]),
        ] {
            assert_eq!(parts(href), expected(is), "{href}");
        }
    }

    #[test]
    fn users_queries_and_fragments_are_seen() {
        let seen = |href| (Parts::of(href).has_user, Parts::of(href).has_query);
        assert_eq!(seen("https://h/"), (false, false));
        assert_eq!(seen("https://u@h/"), (true, false));
        assert_eq!(seen("https://:p@h/"), (true, false));
        assert_eq!(seen("https://h/a@b"), (false, false));
        assert_eq!(seen("https://h/?"), (false, false));
        assert_eq!(seen("https://h/#"), (false, false));
        assert_eq!(seen("https://h/?#"), (false, false));
        assert_eq!(seen("https://h/?a"), (false, true));
        assert_eq!(seen("https://h/#a"), (false, true));
        assert_eq!(seen("https://h/?#a"), (false, true));
    }

    #[test]
    fn what_is_this_machine() {
        for name in ["localhost", "localhost.", "app.localhost", "127.0.0.1", "127.255.0.9", "[::1]"] {
            assert!(is_loopback(name.as_bytes()), "{name}");
        }
        for name in [
            "example.com",
            "localhost.example.com",
            "127.example.com",
            "127.0.0.1.nip.io",
            "128.0.0.1",
            "0.0.0.0",
            "[::2]",
            "127.0.0",
            "mylocalhost",
            "",
        ] {
            assert!(!is_loopback(name.as_bytes()), "{name}");
        }
    }
}
