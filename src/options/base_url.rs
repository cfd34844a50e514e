//! The base URL: which addresses may get the key.

use crate::platform::host::{self, ascii, text_length};
use crate::platform::names::Name;
use crate::platform::say::{Say, without};
use crate::platform::value::Val;
use crate::rules::{At, Faults};

/// Where the API lives when nothing else is said (API contract).
const DEFAULT: &str = "https://api.claiv.io";

/// The base that paths are appended to: no trailing slash, a path prefix kept.
pub(crate) fn read(value: Val, insecure_allowed: bool, faults: &Faults) -> Val {
    if value.is_none() {
        return Say::new(DEFAULT).end();
    }
    let at = At::name(Name::BaseUrl);
    let Some(url) = (if value.is_string() { host::url(value, Val::UNDEFINED) } else { None }) else {
        faults.not(at, "an absolute http or https URL such as https://api.claiv.io", value);
        return Val::UNDEFINED;
    };
    let part = |name| url.peek(name);
    let is_given = |name| text_length(part(name)) > 0;
    let protocol = part(Name::Protocol);
    let mut scheme = [0; 64];
    let is_http = match ascii(protocol, &mut scheme) {
        b"https:" => false,
        b"http:" => true,
        _ => {
            faults.add(at, "must begin with https:// (or http:// for a server on this machine)");
            false
        }
    };
    if is_given(Name::Username) || is_given(Name::Password) {
        faults.add(at, "must not carry a user name or password");
    } else if is_given(Name::Search) || is_given(Name::Hash) {
        faults.add(at, "must not have a query or a fragment");
    } else if is_http && !insecure_allowed && !is_loopback(ascii(ending(part(Name::Hostname)), &mut [0; 64])) {
        faults.add(at, "is plain http to another machine, which would send the API key readable; use https, or set allowInsecureHttp: true");
    }
    let path = without(part(Name::Pathname), "/+$");
    Say::of(protocol).s("//").v(part(Name::Host)).v(path).end()
}

/// A host's name, or the end of one that is longer than any name that is looked for.
fn ending(hostname: Val) -> Val {
    let length = text_length(hostname);
    hostname.text().slice(length.saturating_sub(60), length)
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
