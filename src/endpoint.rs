//! An endpoint as data: its HTTP method and path, what it takes, and whether it may be sent twice.

use crate::host::Name;
use crate::rules::{Field, Kind, Known, OtherVersion};

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Method {
    Get,
    Post,
    Delete,
}

impl Method {
    /// As it is sent.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        }
    }
}

/// Where an endpoint's object of fields goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Payload {
    /// It takes none.
    None,
    /// It is the JSON body.
    Body,
    /// It is the query; the object itself may be left out where none of its fields is required.
    Query,
}

/// Whether a request may be sent again when it is not known whether the server acted on the first (`docs/decisions/0002-replay-safety.md`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Replay {
    /// The request changes nothing, or makes the same change again.
    Safe,
    /// Safe because the server drops duplicates by their idempotency key; the client adds one where the caller gives none.
    ByKey,
    /// Safe where the request has this field, the id of what it makes: a second run replaces what the first one made.
    ByField(Name),
    /// A second run would do harm.
    Never,
}

/// A positional argument of a method, after the ids that the path's placeholders stand for.
pub(crate) struct QueryArg {
    /// The argument's name in JavaScript, for messages.
    pub(crate) name: &'static str,
    /// The field's name in the query.
    pub(crate) field: Name,
    pub(crate) kind: Kind,
    /// What is sent where it is left out; where there is no default it must be given.
    pub(crate) default: Option<&'static str>,
}

/// An endpoint of the API.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Such as `/v6/documents/{documentId}`. Each placeholder is a positional argument of the method: an id, percent-encoded.
    pub(crate) path: &'static str,
    /// A positional argument that goes into the query.
    pub(crate) query_arg: Option<QueryArg>,
    pub(crate) payload: Payload,
    /// The known fields of the payload.
    pub(crate) fields: &'static [Field],
    /// Other versions of the same method, whose fields are refused here.
    pub(crate) other_versions: &'static [OtherVersion],
    /// True for a deletion: any unknown field is refused.
    pub(crate) refuses_unknown: bool,
    pub(crate) replay: Replay,
    /// False where it is sent without the API key.
    pub(crate) needs_key: bool,
}

impl Endpoint {
    /// A GET. Reading changes nothing, so it may be sent again.
    pub(crate) const fn get(path: &'static str) -> Endpoint {
        Endpoint {
            method: Method::Get,
            path,
            query_arg: None,
            payload: Payload::None,
            fields: &[],
            other_versions: &[],
            refuses_unknown: false,
            replay: Replay::Safe,
            needs_key: true,
        }
    }

    /// A DELETE. A second run would answer that there is nothing to delete, in place of the first one's success.
    pub(crate) const fn delete(path: &'static str) -> Endpoint {
        Endpoint { method: Method::Delete, replay: Replay::Never, ..Endpoint::get(path) }
    }

    /// A POST of a JSON object.
    pub(crate) const fn post(path: &'static str, replay: Replay, fields: &'static [Field]) -> Endpoint {
        Endpoint { method: Method::Post, payload: Payload::Body, fields, replay, ..Endpoint::get(path) }
    }

    /// The same with a query of these fields.
    pub(crate) const fn query(self, fields: &'static [Field]) -> Endpoint {
        Endpoint { payload: Payload::Query, fields, ..self }
    }

    /// The same with a positional argument that goes into the query.
    pub(crate) const fn query_arg(self, arg: QueryArg) -> Endpoint {
        Endpoint { query_arg: Some(arg), ..self }
    }

    /// The same with these other versions of the method.
    pub(crate) const fn other_versions(self, other_versions: &'static [OtherVersion]) -> Endpoint {
        Endpoint { other_versions, ..self }
    }

    /// The same, refusing unknown fields.
    pub(crate) const fn refusing_unknown(self) -> Endpoint {
        Endpoint { refuses_unknown: true, ..self }
    }

    /// What the check of unknown fields goes by.
    pub(crate) const fn known(&self) -> Known {
        Known { fields: self.fields, other_versions: self.other_versions, refuses_unknown: self.refuses_unknown }
    }

    /// The same, sent without the API key.
    pub(crate) const fn without_key(self) -> Endpoint {
        Endpoint { needs_key: false, ..self }
    }

    /// The path in pieces: literal text, and the name of the placeholder after it, where there is one.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let mut rest = self.path;
        std::iter::from_fn(move || {
            let (literal, after) = split_at(rest, b'{');
            let (name, after) = after.map_or((None, None), |after| {
                let (name, after) = split_at(after, b'}');
                (Some(name), after)
            });
            let is_over = rest.is_empty();
            rest = after.unwrap_or_default();
            (!is_over).then_some((literal, name))
        })
    }
}

/// The text before the first `mark`, and the text after it, where there is one. `str::split_once` would add its search for any string to
/// the module.
fn split_at(text: &'static str, mark: u8) -> (&'static str, Option<&'static str>) {
    match text.bytes().position(|byte| byte == mark) {
        Some(place) => (text.get(..place).unwrap_or_default(), text.get(place.wrapping_add(1)..)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart_at_its_placeholders() {
        let pieces = |path| Endpoint::get(path).pieces().collect::<Vec<_>>();
        assert_eq!(pieces("/healthz"), [("/healthz", None)]);
        assert_eq!(pieces("/v6/documents/{documentId}"), [("/v6/documents/", Some("documentId"))]);
        assert_eq!(
            pieces("/v6/collections/{collectionId}/documents/{documentId}"),
            [("/v6/collections/", Some("collectionId")), ("/documents/", Some("documentId"))]
        );
        assert_eq!(pieces("/v3/recall/{recallId}/feedback"), [("/v3/recall/", Some("recallId")), ("/feedback", None)]);
        assert_eq!(pieces("/v6/a/{x}/{y}"), [("/v6/a/", Some("x")), ("/", Some("y"))]);
    }
}
