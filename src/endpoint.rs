//! An endpoint as data: what it is called on the wire, what it takes, and whether it may be sent twice.

use crate::platform::names::Name;
use crate::rules::{Field, Kind};

/// Where an endpoint's object of fields goes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Payload {
    /// It takes none.
    None,
    /// It is the JSON body.
    Body,
    /// It is the query; the object itself may be left out.
    Query,
}

/// Whether a request may be sent again when nobody knows what became of the first.
#[derive(Clone, Copy, PartialEq)]
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

/// Where a positional argument goes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Percent-encoded between two pieces of the path.
    Path,
    /// Into the query, under the first name; the second is the value where none is given. Without one it must be given.
    Query(Name, Option<Name>),
}

/// A positional argument of a method.
pub(crate) struct Arg {
    /// Its name in JavaScript, for messages.
    pub(crate) name: Name,
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

impl Arg {
    /// An id in the path.
    pub(crate) const fn id(name: Name) -> Arg {
        Arg { name, place: Place::Path, kind: Kind::Id }
    }
}

/// An endpoint of the API.
pub(crate) struct Endpoint {
    pub(crate) method: Name,
    /// The path's pieces; after the first and the second stands an id, where the arguments have one.
    pub(crate) path: [Name; 3],
    pub(crate) args: &'static [Arg],
    pub(crate) payload: Payload,
    /// The fields that are known of the payload.
    pub(crate) fields: &'static [Field],
    pub(crate) replay: Replay,
    /// False for what needs no key.
    pub(crate) authorized: bool,
}

impl Endpoint {
    /// A GET without arguments.
    pub(crate) const fn get(path: Name) -> Endpoint {
        Endpoint {
            method: Name::Get,
            path: [path, Name::Empty, Name::Empty],
            args: &[],
            payload: Payload::None,
            fields: &[],
            replay: Replay::Safe,
            authorized: true,
        }
    }

    /// A DELETE without arguments. A second run answers that there is nothing to delete, in place of the first one's success.
    pub(crate) const fn delete(path: Name) -> Endpoint {
        let mut endpoint = Endpoint::get(path);
        endpoint.method = Name::Delete;
        endpoint.replay = Replay::Never;
        endpoint
    }

    /// A POST of a JSON object.
    pub(crate) const fn post(path: Name, replay: Replay, fields: &'static [Field]) -> Endpoint {
        let mut endpoint = Endpoint::get(path);
        endpoint.method = Name::Post;
        endpoint.payload = Payload::Body;
        endpoint.fields = fields;
        endpoint.replay = replay;
        endpoint
    }

    /// The same with more of a path behind its first id.
    pub(crate) const fn then(mut self, piece: Name) -> Endpoint {
        self.path = [self.path[0], piece, Name::Empty];
        self
    }

    /// The same with positional arguments.
    pub(crate) const fn args(mut self, args: &'static [Arg]) -> Endpoint {
        self.args = args;
        self
    }

    /// The same with a query of these fields.
    pub(crate) const fn query(mut self, fields: &'static [Field]) -> Endpoint {
        self.payload = Payload::Query;
        self.fields = fields;
        self
    }

    /// The same without Authorization.
    pub(crate) const fn open(mut self) -> Endpoint {
        self.authorized = false;
        self
    }
}
