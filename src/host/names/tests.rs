//! Names against objects of JavaScript, foreign ones among them.
#![allow(clippy::unwrap_used)]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::testing::{js, text};

#[wasm_bindgen_test]
fn a_name_is_its_text() {
    assert_eq!(Name::UserId.text(), "user_id");
    assert_eq!(Name::Days7.text(), "7d");
    assert!(Name::UserId.is(&"user_id".into()));
    for other in ["'user-id'", "new String('user_id')", "{}", "null", "undefined", "1"] {
        assert!(!Name::UserId.is(&js(other)), "{other}");
    }
}

#[wasm_bindgen_test]
fn a_field_is_read_own_or_inherited() {
    for source in [
        "{ task: 1 }",
        "Object.create({ task: 1 })",
        "{ get task() { return 1 } }",
        "Object.assign(() => {}, { task: 1 })",
    ] {
        assert_eq!(Name::Task.try_get(&js(source)).unwrap(), 1, "{source}");
        assert_eq!(Name::Task.get(&js(source)), 1, "{source}");
        assert!(Name::Task.is_in(&js(source)), "{source}");
    }
    assert!(Name::Task.try_get(&js("{}")).unwrap().is_undefined());
    assert!(!Name::Task.is_in(&js("{}")));
}

#[wasm_bindgen_test]
fn what_a_getter_throws_is_told_or_dropped() {
    for source in ["{ get task() { throw new Error('no') } }", "new Proxy({}, { get() { throw new Error('no') } })"] {
        assert_eq!(text(&Name::Task.try_get(&js(source)).unwrap_err(), "message"), "no");
        assert!(Name::Task.get(&js(source)).is_undefined(), "{source}");
    }
}

#[wasm_bindgen_test]
fn what_is_no_object_has_no_fields() {
    for source in ["undefined", "null", "5", "'task'", "5n", "Symbol()"] {
        assert!(Name::Length.get(&js(source)).is_undefined(), "{source}");
        assert!(!Name::Task.is_own(&js(source)), "{source}");
    }
}

#[wasm_bindgen_test]
fn an_own_field_is_enumerable() {
    assert!(Name::Task.is_own(&js("{ task: undefined }")));
    assert!(!Name::Task.is_own(&js("Object.create({ task: 1 })")));
    assert!(!Name::Task.is_own(&js("Object.defineProperty({}, 'task', { value: 1 })")));
}

#[wasm_bindgen_test]
fn where_a_trap_throws_a_field_counts_as_given_but_not_as_own() {
    let hostile = js("new Proxy({}, { has() { throw 1 }, getOwnPropertyDescriptor() { throw 1 } })");
    assert!(Name::Task.is_in(&hostile));
    assert!(!Name::Task.is_own(&hostile));
    let revoked = js("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()");
    assert!(Name::Task.is_in(&revoked));
    assert!(!Name::Task.is_own(&revoked));
}

#[wasm_bindgen_test]
fn a_field_is_set_where_that_can_be() {
    let object = Object::new();
    Name::Task.set(&object, &1.into());
    assert_eq!(Name::Task.get(&object), 1);
    let frozen: Object = js("Object.freeze({ task: 1 })").into();
    Name::Task.set(&frozen, &2.into());
    assert_eq!(Name::Task.get(&frozen), 1);
    let hostile: Object = js("new Proxy({}, { set() { throw 1 } })").unchecked_into();
    Name::Task.set(&hostile, &2.into());
}
