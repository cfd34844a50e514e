//! Fields that an endpoint does not know.
//!
//! What the service adds tomorrow has to pass, so an unknown field is sent as it is, unless it is plain what was meant instead: a field of
//! another version of the call, an option of the call, or a known field that is missing, written in another way. A deletion takes no
//! unknown field at all: it would limit nothing, and the deletion would reach further than its caller wrote.

use strsim::osa_distance;
use wasm_bindgen::prelude::*;

use super::{Field, FieldPath, Issues};
use crate::host::{Name, concat, one_line, own_count, own_names};

/// Another version of the same call.
pub(crate) struct Sibling {
    /// The method's name in JavaScript.
    pub(crate) method: &'static str,
    pub(crate) fields: &'static [Field],
}

/// What is known of a call's fields.
pub(crate) struct Known {
    pub(crate) fields: &'static [Field],
    pub(crate) siblings: &'static [Sibling],
    /// True where an unknown field is always an issue.
    pub(crate) is_closed: bool,
}

/// Looks through the fields that are not known. `given` is how many of the known ones have a value: where an object has no more fields than
/// that, there is nothing to look for.
pub(crate) fn check_unknown(payload: &JsValue, given: u32, known: &Known, options: &[Name], issues: &mut Issues) {
    if own_count(payload).is_ok_and(|count| count == given) {
        return;
    }
    // What cannot be listed cannot be written as JSON either, which is told later.
    for name in own_names(payload).unwrap_or_default().iter() {
        if !known.fields.iter().any(|field| field.name.is(&name)) {
            check_name(payload, &name, known, options, issues);
        }
    }
}

fn check_name(payload: &JsValue, name: &JsValue, known: &Known, options: &[Name], issues: &mut Issues) {
    let text = one_line(name);
    let path = FieldPath::text(&text);
    if options.iter().any(|option| option.is(name)) {
        return issues.add(path, &["is an option of the call: give it in the second argument, after the fields"]);
    }
    let of = |sibling: &&Sibling| sibling.fields.iter().any(|field| field.name.is(name));
    if let Some(Sibling { method, .. }) = known.siblings.iter().find(of) {
        return issues.add(path, &["is a field of ", method, ", and not of this method"]);
    }
    let missing = known.fields.iter().filter(|field| field.name.peek(payload).is_undefined());
    if let Some(meant) = meant(&text, missing.map(|field| field.name.text())) {
        return issues.add(path, &["is not a field of this method: did you mean ", &meant, "?"]);
    }
    if known.is_closed {
        issues.add(path, &["is not a field of this method, and would not limit what is deleted. The option allowUnknownFields sends it all the same"]);
    }
}

/// The one of these names that was meant by `name`, if there is one: the same in other letter case or with other separators, or with one
/// or two letters wrong, where two neighbours that changed places count as one.
pub(crate) fn meant(name: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let name = folded(name);
    let mut best = None;
    for candidate in candidates {
        let folded = folded(&candidate);
        let allowed = if folded.len() < 5 { 1 } else { 2 };
        let distance = osa_distance(&name, &folded);
        if distance <= allowed && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A name without what spellings differ in: `userId`, `user-id` and `USER_ID` are all `userid`.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-'))
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// A list of names in a sentence.
pub(crate) fn listed(names: &[Name]) -> String {
    let mut text = String::new();
    for name in names {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text = concat(&[&text, &name.text()]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{meant, osa_distance};

    #[test]
    fn distances_by_table() {
        for (a, b, expected) in [
            ("", "", 0),
            ("a", "a", 0),
            ("a", "b", 1),
            ("ab", "a", 1),
            ("a", "ab", 1),
            ("thread", "treahd", 2),
            ("role", "roles", 1),
            ("task", "query", 5),
            ("content", "contents", 1),
        ] {
            let got = osa_distance(a, b);
            assert!(got == expected || (expected > 2 && got > 2), "{a} {b}: {got}");
        }
    }

    #[test]
    fn what_was_meant() {
        let fields = ["user_id", "thread_id", "from_time", "to_time", "type", "content", "idempotency_key"];
        for (name, expected) in [
            ("userId", Some("user_id")),
            ("USER_ID", Some("user_id")),
            ("user-id", Some("user_id")),
            ("threadId", Some("thread_id")),
            ("tread_id", Some("thread_id")),
            ("contents", Some("content")),
            ("typ", Some("type")),
            ("tpye", Some("type")),
            ("from", None),
            ("fromTime", Some("from_time")),
            ("priority", None),
            ("tags", None),
            ("language", None),
            ("x", None),
        ] {
            assert_eq!(meant(name, fields.iter().map(|field| (*field).into())).as_deref(), expected, "{name}");
        }
    }
}
