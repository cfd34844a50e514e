//! The check against values of JavaScript: what fits each kind and what does not, and values that throw when they are looked at.
#![allow(clippy::unwrap_used)]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::rules::sets;
use crate::testing::js;

const INNER: &[Field] = &[Field::required(Name::Limit, Kind::Limit), Field::optional(Name::Offset, Kind::Count)];

/// Each kind, with values that fit and values that do not, as arrays of JavaScript.
const KINDS: [(&str, Kind, &str, &str); 22] = [
    ("Text", Kind::Text, "['a', ' ']", "['', 1, null, [], {}, new String('a')]"),
    ("Id", Kind::Id, "['a', '...', 'a/b']", "['', '.', '..', 1, null]"),
    (
        "Time",
        Kind::Time,
        "['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456789+00:00']",
        "['', 'today', '2026-02-30T00:00:00Z', 1, null, new Date(), ' '.repeat(41)]",
    ),
    ("TimeFrom", Kind::TimeFrom(Name::FromTime), "['2026-01-31T12:00:00Z']", "['', 'now', 5, null]"),
    ("TimeOrEpoch", Kind::TimeOrEpoch, "[0, -1.5, '2026-01-31T12:00:00Z']", "[NaN, Infinity, '5', 5n, null]"),
    ("Number", Kind::Number, "[0, -1.5, 1e300]", "[NaN, -Infinity, '1', 1n, null, new Number(1)]"),
    ("Millis", Kind::Millis, "[0.1, 5e9]", "[0, -1, NaN, Infinity, '1', null]"),
    ("Count", Kind::Count, "[0, 1, 9007199254740991]", "[-1, 0.5, NaN, Infinity, '1', 1n, 9007199254740992, null]"),
    ("Limit", Kind::Limit, "[1, 9007199254740991]", "[0, 1.5, NaN, '1', null]"),
    ("TokenBudget", Kind::TokenBudget, "[200, 8000]", "[199, 8001, 200.5, '200', null]"),
    ("Rating", Kind::Rating, "[1, 5]", "[0, 6, 1.5, '1', null]"),
    ("Concurrency", Kind::Concurrency, "[1, 1000]", "[0, 1001, 1.5, '1', null]"),
    ("OneOf", Kind::OneOf(sets::RANGE), "['7d', 'today']", "['8d', '', 'TODAY', 7, null, new String('7d')]"),
    ("Record", Kind::Record, "[{}, Object.create(null), new Date()]", "[[], null, 'a', 1, () => {}]"),
    (
        "Group",
        Kind::Group(INNER),
        "[{ limit: 1 }, { limit: 1, offset: 0, more: 5 }]",
        "[{}, { limit: 0 }, { limit: 1, offset: -1 }, [], null]",
    ),
    ("Texts", Kind::Texts, "[[], ['a', 'b']]", "[['a', ''], ['a', 1], 'a', { length: 0 }, null]"),
    ("Flag", Kind::Flag, "[true, false]", "[0, 'true', null, new Boolean(true)]"),
    (
        "Content",
        Kind::Content,
        "['a', new Blob(['a']), new ReadableStream(), { getReader() {} }]",
        "['', 1, null, {}, [], new Uint8Array(3)]",
    ),
    ("Function", Kind::Function, "[() => {}, class {}]", "[{}, 'a', null]"),
    (
        "Signal",
        Kind::Signal,
        "[new AbortController().signal, { aborted: false, addEventListener() {} }]",
        "[new AbortController(), { aborted: 0, addEventListener() {} }, { aborted: true }, 'a', null]",
    ),
    ("Any", Kind::Any, "[1, null, '', {}]", "[]"),
    ("Group of none", Kind::Group(&[]), "[{}]", "[[], null]"),
];

fn items(list: &str) -> Vec<JsValue> {
    js_sys::Array::from(&js(list)).to_vec()
}

/// What is wrong with a field of this kind in `source`, as one text without what stands around it.
fn check(kind: Kind, source: &JsValue) -> String {
    let mut issues = Issues::default();
    check_fields(source, "", &[Field::optional(Name::Query, kind)], &mut issues);
    if issues.is_empty() { String::new() } else { issues.sentence("") }
}

fn object_with(value: &JsValue) -> JsValue {
    let object = js_sys::Object::new();
    Name::Query.set(&object, value);
    object.into()
}

#[wasm_bindgen_test]
fn each_kind_takes_what_fits_and_refuses_what_does_not() {
    for (name, kind, good, bad) in KINDS {
        for value in items(good) {
            assert_eq!(check(kind, &object_with(&value)), "", "{name} takes {value:?}");
        }
        for value in items(bad) {
            let message = check(kind, &object_with(&value));
            assert!(message.starts_with(": query"), "{name} refuses {value:?}: {message}");
        }
    }
}

#[wasm_bindgen_test]
fn a_getter_that_throws_is_an_issue_of_every_kind() {
    let source = js("{ get query() { throw new Error('locked') } }");
    for (name, kind, ..) in KINDS {
        assert_eq!(check(kind, &source), ": query could not be read: Error: locked.", "{name}");
    }
}

#[wasm_bindgen_test]
fn a_revoked_proxy_is_an_issue_of_every_kind_but_any() {
    let proxies =
        "[{}, [], () => {}].map(of => { const { proxy, revoke } = Proxy.revocable(of, {}); revoke(); return proxy; })";
    for proxy in js_sys::Array::from(&js(proxies)).iter() {
        for (name, kind, ..) in KINDS {
            // `typeof` is all that can be asked of it.
            let fits = kind == Kind::Any || (kind == Kind::Function && proxy.is_function());
            assert_eq!(check(kind, &object_with(&proxy)).is_empty(), fits, "{name}");
        }
    }
}

#[wasm_bindgen_test]
fn a_source_that_is_a_revoked_proxy_has_an_issue_for_each_field() {
    let source = js("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()");
    for (name, kind, ..) in KINDS {
        assert!(check(kind, &source).contains("query could not be read: TypeError"), "{name}");
    }
}

#[wasm_bindgen_test]
fn a_value_whose_own_fields_throw_is_refused() {
    let hostile = js("new Proxy({}, { get() { throw new Error('trap') }, has() { throw new Error('trap') } })");
    for (name, kind, ..) in KINDS {
        let fits = matches!(kind, Kind::Any | Kind::Record) || kind == Kind::Group(&[]);
        assert_eq!(check(kind, &object_with(&hostile)).is_empty(), fits, "{name}");
    }
}

#[wasm_bindgen_test]
fn holes_and_items_that_throw_are_issues_of_their_places() {
    let holes = js("['a', , 'b', , '']");
    assert_eq!(
        check(Kind::Texts, &object_with(&holes)),
        ": query[1] must be a non-empty string (got undefined); query[3] must be a non-empty string (got undefined); \
         query[4] must be a non-empty string (got an empty string)."
    );
    let throws = js("Object.defineProperty(['a', 'b'], 1, { get() { throw new Error('locked') } })");
    assert_eq!(check(Kind::Texts, &object_with(&throws)), ": query[1] could not be read: Error: locked.");
}

#[wasm_bindgen_test]
fn an_endless_array_of_holes_has_no_endless_list_of_issues() {
    let mut issues = Issues::default();
    check_value(FieldPath::of(Name::Query), Kind::Texts, &js("new Array(4294967295)"), &mut issues);
    assert_eq!(issues.count(), MAX_ISSUES);
}

#[wasm_bindgen_test]
fn all_issues_are_told_together_with_their_paths() {
    let mut issues = Issues::default();
    let fields = [
        Field::required(Name::Task, Kind::Text),
        Field::required(Name::Limits, Kind::Group(INNER)),
        Field::optional(Name::Since, Kind::Time),
    ];
    check_fields(&js("{ limits: { limit: 'x', offset: -1 }, since: 'today' }"), "options.", &fields, &mut issues);
    assert_eq!(
        issues.sentence("No"),
        "No: options.task is required: a non-empty string; options.limits.limit must be a whole number, 1 or more (got \"x\"); \
         options.limits.offset must be a whole number, 0 or more (got -1); \
         options.since must be an ISO 8601 time such as 2026-01-31T12:00:00Z (got \"today\")."
    );
}

#[wasm_bindgen_test]
fn a_field_may_be_left_out_null_or_undefined_as_its_presence_says() {
    let count = |field: Field, source: &str| {
        let mut issues = Issues::default();
        check_fields(&js(source), "", &[field], &mut issues);
        issues.count()
    };
    let (required, optional) = (Field::required(Name::Task, Kind::Text), Field::optional(Name::Task, Kind::Text));
    let (nullable, narrowing) = (Field::nullable(Name::Task, Kind::Text), Field::narrowing(Name::Task, Kind::Text));
    for (source, expected) in [
        ("{}", [1, 0, 0, 0]),
        ("{ task: undefined }", [1, 0, 0, 1]),
        ("{ task: null }", [1, 1, 0, 1]),
        ("{ task: '' }", [1, 1, 1, 1]),
        ("{ task: 'a' }", [0, 0, 0, 0]),
        ("Object.create({ task: 'a' })", [0, 0, 0, 0]),
    ] {
        let counts = [required, optional, nullable, narrowing].map(|field| count(field, source));
        assert_eq!(counts, expected, "{source}");
    }
}

#[wasm_bindgen_test]
fn a_span_of_time_must_not_end_before_it_begins() {
    let kind = Kind::TimeFrom(Name::FromTime);
    let check = |from: &str, to: &str| check(kind, &js(&format!("{{ from_time: {from}, query: {to} }}")));
    assert_eq!(check("'2026-01-02T00:00:00Z'", "'2026-01-02T01:00:00+01:00'"), "");
    assert_eq!(
        check("'2026-01-02T00:00:00.001Z'", "'2026-01-02T01:00:00+01:00'"),
        ": query must not be earlier than from_time."
    );
    // A start that is no time is told where it stands.
    assert_eq!(check("'soon'", "'2026-01-02T00:00:00Z'"), "");
}

#[wasm_bindgen_test]
fn a_field_is_read_once() {
    let source = js("{ reads: 0, get query() { this.reads++; return 'a' } }");
    let mut issues = Issues::default();
    let value = read_field(&source, "", &Field::required(Name::Query, Kind::Text), &mut issues);
    assert_eq!(value, "a");
    assert_eq!(js_sys::Reflect::get(&source, &"reads".into()).unwrap(), 1);
}

#[wasm_bindgen_test]
fn a_documents_text_is_measured_in_bytes() {
    let issues = |text: &str| {
        let mut issues = Issues::default();
        check_content(FieldPath::of(Name::Content), &js(text), &mut issues);
        issues.count()
    };
    assert_eq!(issues("'a'.repeat(5242880)"), 0);
    assert_eq!(issues("'a'.repeat(5242881)"), 1);
    assert_eq!(issues("'é'.repeat(2621440)"), 0);
    assert_eq!(issues("'é'.repeat(2621440) + 'a'"), 1);
}
