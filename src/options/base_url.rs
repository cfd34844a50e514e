//! The base URL: which addresses may get the key.

use wasm_bindgen::prelude::*;

use crate::rules::Faults;

/// Where the API lives when nothing else is said (API contract).
pub(crate) const DEFAULT: &str = "https://api.claiv.io";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = URL)]
    type Url;

    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new(text: &JsValue) -> Result<Url, JsValue>;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn protocol(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn username(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn password(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn host(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn hostname(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn pathname(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn search(this: &Url) -> String;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn hash(this: &Url) -> String;
}

/// The base that paths are appended to: no trailing slash, a path prefix kept.
pub(crate) fn read(value: &JsValue, insecure_allowed: bool, faults: &mut Faults) -> String {
    let url = if value.is_string() { Url::new(value).ok() } else { None };
    let Some(url) = url else {
        faults.wrong("baseUrl", "an absolute http or https URL such as https://api.claiv.io", value);
        return String::new();
    };
    let protocol = url.protocol();
    if protocol != "https:" && protocol != "http:" {
        faults.add("baseUrl", "must begin with https:// (or http:// for a server on this machine)");
    } else if !url.username().is_empty() || !url.password().is_empty() {
        faults.add("baseUrl", "must not carry a user name or password");
    } else if !url.search().is_empty() || !url.hash().is_empty() {
        faults.add("baseUrl", "must not have a query or a fragment");
    } else if protocol == "http:" && !insecure_allowed && !is_loopback(&url.hostname()) {
        faults.add("baseUrl", "is plain http to another machine, which would send the API key readable; use https, or set allowInsecureHttp: true");
    }
    let path = url.pathname();
    [&protocol, "//", &url.host(), path.trim_end_matches('/')].concat()
}

/// True for names and addresses of this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), in the form that URL parsers
/// give them.
fn is_loopback(hostname: &str) -> bool {
    let name = hostname.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || is_ipv4_loopback(name)
}

/// A URL parser has turned every spelling of an IPv4 address into four decimal numbers.
fn is_ipv4_loopback(name: &str) -> bool {
    name.starts_with("127.")
        && name.split('.').count() == 4
        && name.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn what_is_this_machine() {
        for name in ["localhost", "localhost.", "app.localhost", "127.0.0.1", "127.255.0.9", "[::1]"] {
            assert!(is_loopback(name), "{name}");
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
            assert!(!is_loopback(name), "{name}");
        }
    }
}
