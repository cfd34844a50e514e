//! What is wrong with the caller's arguments and options: the issues of a ClaivValidationError.

use wasm_bindgen::prelude::*;

use super::Kind;
use crate::host::{Fields, Name, concat, one_line, shown, type_name};

/// The path of a field: its name, and the parent's path in front of it, such as `limits.` or `options.`.
#[derive(Clone, Copy)]
pub(crate) struct FieldPath<'a> {
    pub(crate) parent: &'a str,
    pub(crate) name: Leaf<'a>,
}

/// The last part of a path.
#[derive(Clone, Copy)]
pub(crate) enum Leaf<'a> {
    /// A known name. It becomes text only where there is an issue.
    Known(Name),
    /// Any other text.
    Text(&'a str),
}

impl FieldPath<'static> {
    /// A field at the top of a request or of a client's options.
    pub(crate) const fn of(name: Name) -> FieldPath<'static> {
        FieldPath { parent: "", name: Leaf::Known(name) }
    }
}

impl<'a> FieldPath<'a> {
    /// Any path, as text.
    #[inline(never)]
    pub(crate) const fn text(text: &'a str) -> FieldPath<'a> {
        FieldPath { parent: "", name: Leaf::Text(text) }
    }

    /// A field within an object.
    pub(crate) const fn within(parent: &'a str, name: Name) -> FieldPath<'a> {
        FieldPath { parent, name: Leaf::Known(name) }
    }

    /// A field within an object, by any name.
    pub(crate) const fn named(parent: &'a str, name: &'a str) -> FieldPath<'a> {
        FieldPath { parent, name: Leaf::Text(name) }
    }

    /// The whole path, such as `limits.answer_facts`.
    #[inline(never)]
    pub(crate) fn join(self) -> String {
        match self.name {
            Leaf::Known(name) => concat(&[self.parent, &name.text()]),
            Leaf::Text(text) => concat(&[self.parent, text]),
        }
    }
}

/// One issue, as the caller gets it.
pub(crate) struct Issue {
    path: String,
    message: String,
}

impl Issue {
    /// As a plain object.
    pub(crate) fn to_js(&self) -> JsValue {
        let mut fields = Fields::default();
        fields.add("path", &self.path);
        fields.add("message", &self.message);
        fields.to_js()
    }
}

/// The issues found so far.
#[derive(Default)]
pub(crate) struct Issues(Vec<Issue>);

impl Issues {
    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// True while nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an issue; the message is joined from its pieces.
    #[inline(never)]
    pub(crate) fn add(&mut self, path: FieldPath<'_>, message: &[&str]) {
        self.0.push(Issue { path: path.join(), message: concat(message) });
    }

    /// Adds the issue that a value is not of this kind. Of a value that could be content only the type is shown.
    #[inline(never)]
    pub(crate) fn add_wrong_kind(&mut self, path: FieldPath<'_>, kind: Kind, value: &JsValue) {
        let got = if kind.is_shown() { shown(value) } else { type_name(value) };
        let hint = if kind.is_time() && got == "a Date" { ": give its .toISOString()" } else { "" };
        self.add(path, &["must be ", &kind.expected(), " (got ", &got, hint, ")"]);
    }

    /// Adds the issue that a value is not what is `expected`. Only its type is shown.
    #[inline(never)]
    pub(crate) fn add_expected(&mut self, path: FieldPath<'_>, expected: &str, value: &JsValue) {
        self.add(path, &["must be ", expected, " (got ", &type_name(value), ")"]);
    }

    /// Adds the issue that reading or encoding a value threw `error`.
    #[inline(never)]
    pub(crate) fn add_exception(&mut self, path: FieldPath<'_>, doing: &str, error: &JsValue) {
        self.add(path, &["could not be ", doing, ": ", &one_line(error)]);
    }

    /// All issues in one sentence, which begins with `what`.
    pub(crate) fn sentence(&self, what: &str) -> String {
        let mut text = String::from(what);
        let mut before = ": ";
        for Issue { path, message } in &self.0 {
            for piece in [before, path, " ", message] {
                text.push_str(piece);
            }
            before = "; ";
        }
        // A hint ends with its own question mark.
        if !text.ends_with('?') {
            text.push('.');
        }
        text
    }

    /// The issues themselves.
    pub(crate) fn into_list(self) -> Vec<Issue> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_each_path_and_what_is_wrong_with_it() {
        let mut issues = Issues::default();
        assert!(issues.is_empty());
        issues.add(FieldPath::text("request"), &["is ", "missing"]);
        issues.add(FieldPath::named("options.", "nope"), &["is not an option"]);
        assert_eq!(issues.count(), 2);
        assert_eq!(
            issues.sentence("The request was not sent"),
            "The request was not sent: request is missing; options.nope is not an option."
        );
    }
}
