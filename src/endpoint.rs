//! An endpoint as data: its method and path on the wire, what it takes, and whether it may be sent twice.

use crate::host::Name;
use crate::rules::{Field, Kind, Known, Sibling};

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

/// Whether a request may be sent again when nobody knows what became of the first (`docs/decisions/0002-replay-safety.md`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Replay {
    /// It changes nothing, or the same again.
    Safe,
    /// Safe because the server dedupes by the request's idempotency key; one is added where the caller gives none.
    ByKey,
    /// Safe where this field of the request names what is made: the same is made again in its place.
    ByField(Name),
    /// A second run would do harm.
    Never,
}

/// A positional argument of a method, after the ids that the path's placeholders stand for.
pub(crate) struct QueryArg {
    /// Its name in JavaScript, for messages.
    pub(crate) name: &'static str,
    /// Its name in the query.
    pub(crate) field: Name,
    pub(crate) kind: Kind,
    /// What is sent where it is left out; without a default it must be given.
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
    /// Other versions of the same call, whose fields are refused here.
    pub(crate) siblings: &'static [Sibling],
    /// True for a deletion, which takes no field that it does not know.
    pub(crate) is_closed: bool,
    pub(crate) replay: Replay,
    /// False for what needs no key.
    pub(crate) authorized: bool,
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
            siblings: &[],
            is_closed: false,
            replay: Replay::Safe,
            authorized: true,
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

    /// The same beside these other versions of the call.
    pub(crate) const fn siblings(self, siblings: &'static [Sibling]) -> Endpoint {
        Endpoint { siblings, ..self }
    }

    /// The same without any field that is not known.
    pub(crate) const fn closed(self) -> Endpoint {
        Endpoint { is_closed: true, ..self }
    }

    /// What is known of its fields.
    pub(crate) const fn known(&self) -> Known {
        Known { fields: self.fields, siblings: self.siblings, is_closed: self.is_closed }
    }

    /// The same without Authorization.
    pub(crate) const fn open(self) -> Endpoint {
        Endpoint { authorized: false, ..self }
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

    /// The names of the placeholders, in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.pieces().filter_map(|(_, name)| name)
    }
}

/// What stands before the first `mark`, and what after it, where there is one. `str::split_once` would bring the search of all of
/// Unicode along.
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
        assert_eq!(Endpoint::get("/v6/a/{x}/{y}").ids().collect::<Vec<_>>(), ["x", "y"]);
    }
}
