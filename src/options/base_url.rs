//! The base URL: which addresses may get the key.

use wasm_bindgen::prelude::*;
use web_sys::Url;

use crate::host::{Name, concat};
use crate::rules::{FieldPath, Issues};

/// Where the API lives when nothing else is said (`docs/api-contract.md`).
const DEFAULT: &str = "https://api.claiv.io";

/// The base that paths are appended to: no trailing slash, a path prefix kept.
pub(super) fn read(value: &JsValue, insecure_allowed: bool, issues: &mut Issues) -> String {
    if value.is_undefined() {
        return DEFAULT.into();
    }
    #[cfg(feature = "debug")]
    crate::debug::panic_where_asked(value);
    let path = FieldPath::of(Name::BaseUrl);
    let Some(url) = value.as_string().and_then(|text| Url::new(&text).ok()) else {
        issues.expected(path, "an absolute http or https URL such as https://api.claiv.io", value);
        return String::new();
    };
    let protocol = url.protocol();
    if protocol != "https:" && protocol != "http:" {
        issues.add(path, &["must begin with https:// (or http:// for a server on this machine)"]);
    }
    let is_given = |part: String| !part.is_empty();
    if is_given(url.username()) || is_given(url.password()) {
        issues.add(path, &["must not carry a user name or password"]);
    } else if is_given(url.search()) || is_given(url.hash()) {
        issues.add(path, &["must not have a query or a fragment"]);
    } else if protocol == "http:" && !insecure_allowed && !is_loopback(url.hostname().as_bytes()) {
        issues.add(path, &["is plain http to another machine, which would send the API key readable; use https, or set allowInsecureHttp: true"]);
    }
    let mut prefix = url.pathname();
    while prefix.ends_with('/') {
        prefix.pop();
    }
    concat(&[&protocol, "//", &url.host(), &prefix])
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
    use super::is_loopback;

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
