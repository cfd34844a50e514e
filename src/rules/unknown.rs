//! Fields that an endpoint does not know.
//!
//! Fields that the service adds later have to pass, so an unknown field is sent as it is, unless it is plainly a mistake: a field of another
//! version of the method, an option of the call, or another spelling of a known field that is missing. A deletion takes no unknown field at
//! all: the field would limit nothing, and the deletion would reach further than its caller wrote.

use strsim::osa_distance;
use wasm_bindgen::prelude::*;

use super::{Field, FieldPath, Issues, Kind};
use crate::host::{Name, one_line, own_count, own_names};

/// Another version of the same method.
pub(crate) struct OtherVersion {
    /// The method's name in JavaScript.
    pub(crate) method: &'static str,
    pub(crate) fields: &'static [Field],
}

/// What an endpoint knows of fields.
pub(crate) struct Known {
    pub(crate) fields: &'static [Field],
    pub(crate) other_versions: &'static [OtherVersion],
    /// True where any unknown field is an issue.
    pub(crate) refuses_unknown: bool,
}

/// Checks the fields that are not known, also those of groups such as `limits`. `known_count` is how many of the known ones have a value: where
/// the object has no more fields than that, there is nothing to check. `options` are the names of a call's options.
pub(crate) fn check_unknown(
    payload: &JsValue,
    known_count: u32,
    known: &Known,
    options: &[&[Name]],
    issues: &mut Issues,
) {
    if !own_count(payload).is_ok_and(|count| count == known_count) {
        check_names(payload, "", known, options, issues);
    }
    for field in known.fields {
        if let Kind::Group(fields) = field.kind {
            let group = field.name.get(payload);
            if group.is_object() {
                // No deletion has a group.
                let known = Known { fields, other_versions: &[], refuses_unknown: false };
                check_names(&group, &(FieldPath::of(field.name).join() + "."), &known, options, issues);
            }
        }
    }
}

fn check_names(source: &JsValue, parent: &str, known: &Known, options: &[&[Name]], issues: &mut Issues) {
    // An object whose fields cannot be listed cannot be written as JSON either, which is an issue later.
    for name in own_names(source).unwrap_or_default().iter() {
        if !known.fields.iter().any(|field| field.name.is(&name)) {
            check_name(source, parent, &name, known, options, issues);
        }
    }
}

fn check_name(source: &JsValue, parent: &str, name: &JsValue, known: &Known, options: &[&[Name]], issues: &mut Issues) {
    let text = one_line(name);
    let path = FieldPath::named(parent, &text);
    if options.iter().flat_map(|names| *names).any(|option| option.is(name)) {
        return issues.add(path, &["is an option of the call: give it in the second argument, after the fields"]);
    }
    let has_field = |version: &&OtherVersion| version.fields.iter().any(|field| field.name.is(name));
    if let Some(OtherVersion { method, .. }) = known.other_versions.iter().find(has_field) {
        return issues.add(path, &["is a field of ", method, ", and not of this method"]);
    }
    let missing = known.fields.iter().filter(|field| field.name.get(source).is_undefined());
    if let Some(suggestion) = closest_name(&text, missing.map(|field| field.name.text())) {
        return issues.add(path, &["is not a field of this method: did you mean ", &suggestion, "?"]);
    }
    if known.refuses_unknown {
        issues.add(path, &["is not a field of this method, and would not limit what is deleted. The option allowUnknownFields sends it all the same"]);
    }
}

/// The one of these names that `name` is probably a misspelling of: equal but for letter case and separators, or with one or two letters
/// wrong, where two neighbouring letters that changed places count as one.
pub(crate) fn closest_name(name: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let name = normalised(name);
    let mut best = None;
    for candidate in candidates {
        let other = normalised(&candidate);
        let allowed = if other.len() < 5 { 1 } else { 2 };
        let distance = osa_distance(&name, &other);
        if distance <= allowed && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A name in lower case and without separators: `userId`, `user-id` and `USER_ID` all become `userid`.
#[inline(never)]
fn normalised(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-'))
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{closest_name, osa_distance};

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
    fn the_closest_name_by_table() {
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
            assert_eq!(closest_name(name, fields.iter().map(|field| (*field).into())).as_deref(), expected, "{name}");
        }
    }
}
