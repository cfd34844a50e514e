//! What the imports give for values of all sorts, and where the host lacks something.
#![allow(clippy::unwrap_used)]

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::testing::js;

const REVOKED: &str = "(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })()";

/// Runs something while a global of the host is another one.
fn with_global<T>(name: &str, value: &str, run: impl FnOnce() -> T) -> T {
    let replace = js(&format!(
        "value => {{
        const before = Object.getOwnPropertyDescriptor(globalThis, '{name}');
        Object.defineProperty(globalThis, '{name}', value?.restored ?? {{ value, configurable: true, writable: true }});
        return {{ restored: before }};
    }}"
    ));
    let replace = replace.unchecked_into::<Function>();
    let before = call(&replace, &js(value)).unwrap();
    let result = run();
    call(&replace, &before).unwrap();
    result
}

fn is_uuid(text: &JsString) -> bool {
    let pattern = js("/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/");
    pattern.unchecked_into::<js_sys::RegExp>().test(&String::from(text))
}

#[wasm_bindgen_test]
fn a_uuid_is_one_with_or_without_a_crypto() {
    let random_uuid = || super::random_uuid().unwrap();
    assert!(is_uuid(&random_uuid()));
    for crypto in [
        "undefined",
        "{}",
        "{ randomUUID() { throw new Error('insecure') }, getRandomValues() { throw new Error('no') } }",
        "{ randomUUID: () => '', getRandomValues: bytes => bytes.fill(255) }",
        "{ randomUUID: () => 5 }",
    ] {
        let (first, second) = with_global("crypto", crypto, || (random_uuid(), random_uuid()));
        assert!(is_uuid(&first) && is_uuid(&second), "{crypto}");
        assert_eq!(first == second, crypto.contains("fill"), "{crypto}");
    }
    assert!(is_uuid(&random_uuid()));
}

#[wasm_bindgen_test]
fn the_version_and_variant_bits_are_set_whatever_the_bytes() {
    for (bytes, expected) in [
        ("() => 0", "00000000-0000-4000-8000-000000000000"),
        ("() => 255", "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        ("(_, place) => place * 17", "00112233-4455-4677-8899-aabbccddeeff"),
    ] {
        let crypto = format!("{{ getRandomValues: bytes => bytes.set(bytes.map({bytes})) }}");
        assert_eq!(with_global("crypto", &crypto, random_uuid).unwrap(), expected);
    }
}

#[wasm_bindgen_test]
fn the_hosts_own_uuid_is_taken_where_there_is_one() {
    let uuid = with_global("crypto", "{ randomUUID: () => 'its own' }", random_uuid);
    assert_eq!(uuid.unwrap(), "its own");
}

#[wasm_bindgen_test]
fn a_clock_and_a_die_that_are_gone_stop_nothing() {
    let steady = with_global("performance", "undefined", now);
    assert!((steady - js("Date.now()").as_f64().unwrap()).abs() < 60_000.0);
    assert!(with_global("performance", "{ now() { throw 1 } }", now) > 0.0);
    assert_eq!(with_global("Math", "{ random() { throw 1 } }", random), 0.5);
}

#[wasm_bindgen_test]
fn values_are_told_apart() {
    for (value, name, record, array, object) in [
        ("undefined", "undefined", false, false, false),
        ("null", "null", false, false, false),
        ("''", "an empty string", false, false, false),
        ("'a'", "a string", false, false, false),
        ("5", "a number", false, false, false),
        ("5n", "a bigint", false, false, false),
        ("Symbol()", "a symbol", false, false, false),
        ("true", "a boolean", false, false, false),
        ("() => {}", "a function", false, false, true),
        ("{}", "an object", true, false, true),
        ("[]", "an array", false, true, true),
        ("new Proxy([], {})", "an array", false, true, true),
    ] {
        let value = js(value);
        assert_eq!(type_name(&value), name);
        assert_eq!((is_record(&value), is_array(&value), is_object(&value)), (record, array, object), "{name}");
    }
    // What cannot be asked is neither.
    let revoked = js(REVOKED);
    assert_eq!((is_record(&revoked), is_array(&revoked)), (false, false));
    assert!(type_name(&revoked).starts_with("an object"));
}

#[wasm_bindgen_test]
fn a_message_shows_what_is_wrong_shortly_and_whatever_it_is() {
    assert_eq!(shown(&js("'a'.repeat(50)")), format!("\"{}…\"", "a".repeat(40)));
    assert_eq!(shown(&js("'a\\nb'")), "\"a b\"");
    assert_eq!(shown(&js("1.50")), "1.5");
    assert_eq!(shown(&js("false")), "false");
    assert_eq!(shown(&js("{ toString() { throw 1 } }")), "an object");
    assert_eq!(one_line(&js("new TypeError('a\\nb')")), "TypeError: a");
    assert_eq!(one_line(&js("{ toString() { throw 1 } }")), "an object");
    assert_eq!(one_line(&js("Object.create(null)")), "an object");
    assert!(one_line(&js(REVOKED)).starts_with("an object"));
    assert_eq!(beginning(&js("'abc'"), 2), "ab");
    assert_eq!(beginning(&js("'😀'"), 1), "\u{fffd}");
    assert_eq!(beginning(&js("5"), 1), "");
}
