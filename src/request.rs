//! From a method's arguments to what will be sent. All of it happens while the method is being called, so that what the
//! caller changes afterwards changes nothing.

use wasm_bindgen::prelude::*;

use crate::endpoint::{Endpoint, Payload, Place, Replay};
use crate::error::{self, Error};
use crate::options::{CallOptions, Config};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::uuid;
use crate::platform::value::{Fields, Val};
use crate::rules::{At, Faults, Kind, Presence, check_fields, check_value, is_source};

#[wasm_bindgen(raw_module = "./strings.js")]
extern "C" {
    fn joined(a: &Val, b: &Val, c: &Val) -> Val;

    /// Undefined where `text` is no object's.
    #[wasm_bindgen(js_name = withField)]
    fn with_field(text: &Val, name: &Val, value: &Val, end: &Val) -> Val;
}

/// A call, ready to be sent as often as it takes.
pub(crate) struct Request {
    pub(crate) endpoint: &'static Endpoint,
    /// As sent, ids percent-encoded, without the query.
    pub(crate) path: Val,
    pub(crate) url: Val,
    /// The JSON text, or undefined.
    pub(crate) body: Val,
    /// What has to be read before the body is whole: the content of a document. Else undefined.
    pub(crate) content: Val,
    /// The key that this request carries, for endpoints that know one. Else undefined.
    pub(crate) idempotency_key: Val,
    /// True when sending it twice does no harm.
    pub(crate) replayable: bool,
    pub(crate) options: CallOptions,
}

impl Request {
    /// Checks and encodes everything; all faults are told together, with those that the options had.
    pub(crate) fn new(
        config: &Config,
        endpoint: &'static Endpoint,
        args: [Val; 2],
        payload: Val,
        options: CallOptions,
        faults: &Faults,
    ) -> Result<Box<Request>, Error> {
        for (arg, value) in endpoint.args.iter().zip(args) {
            let left_out = value.is_none() && matches!(arg.place, Place::Query(_, Some(_)));
            // An id is checked even with validation off: an empty one would reach another endpoint.
            if !left_out && (config.validate || arg.place == Place::Path) {
                check_value(At::name(arg.name), arg.kind, value, faults);
            }
        }
        let is_record = host::is_record(payload);
        let fields = payload.fields();
        if config.validate {
            if is_record {
                check_fields(fields, Name::Empty.js(), endpoint.fields, faults);
            } else if endpoint.payload == Payload::Body
                || (endpoint.payload == Payload::Query && !may_lack(endpoint, payload))
            {
                faults.wrong(At::name(Name::Request), Kind::Record, payload);
            }
        }

        let mut request = Box::new(Request {
            endpoint,
            path: Val::UNDEFINED,
            url: Val::UNDEFINED,
            body: Val::UNDEFINED,
            content: Val::UNDEFINED,
            idempotency_key: Val::UNDEFINED,
            replayable: endpoint.replay == Replay::Safe,
            options,
        });
        if faults.is_empty() && endpoint.payload == Payload::Body {
            request.encode(config, payload, is_record, faults);
        }
        if faults.is_empty() {
            request.path = path(endpoint, args, faults);
            let query = query(endpoint, args, payload, is_record, faults);
            request.url = joined(&config.base_url, &request.path, &query);
        }
        if faults.is_empty() { Ok(request) } else { Err(error::validation("The request was not sent", faults)) }
    }

    /// Makes the body's text, and whatever depends on what it says.
    fn encode(&mut self, config: &Config, payload: Val, is_record: bool, faults: &Faults) {
        let endpoint = self.endpoint;
        let mut rest = payload;
        if is_record && endpoint.fields.iter().any(|field| field.kind == Kind::Content) {
            rest = self.take_content(payload);
        }
        let text = match host::to_json(rest) {
            Ok(text) if !text.is_none() => text,
            Ok(_) => return faults.not(At::name(Name::Request), "something that JSON can carry", payload),
            Err(error) => return blame(payload, error, faults),
        };
        if is_record {
            if config.validate {
                check_narrowing(endpoint, payload, text, faults);
            }
            match endpoint.replay {
                Replay::ByKey => self.idempotency_key = carried(payload, Name::IdempotencyKey, text),
                Replay::ByField(name) => self.replayable = carried(payload, name, text).is_string(),
                _ => {}
            }
        }
        self.body = text;
        if endpoint.replay == Replay::ByKey {
            self.replayable = if self.idempotency_key.is_none() && config.auto_idempotency {
                self.add_key(uuid::v4())
            } else {
                self.idempotency_key.is_string()
            };
        }
    }

    /// Adds an idempotency key to the body, where that is an object.
    fn add_key(&mut self, key: Val) -> bool {
        let is_added = self.add_field(Name::KeyPiece, key, Name::KeyEnd);
        if is_added {
            self.idempotency_key = key;
        }
        is_added
    }

    /// Adds a field to the text of an object. The text, not the object: that one is not ours to change, and a copy would lose what
    /// `toJSON`, getters of a class and a field called `__proto__` mean. False where the text is no object's.
    pub(crate) fn add_field(&mut self, before: Name, value: Val, after: Name) -> bool {
        let text = with_field(&self.body, &before.js(), &value, &after.js());
        if text.is_none() {
            return false;
        }
        self.body = text;
        true
    }

    /// Takes out the content that has to be read first, where there is any, and gives the rest of the payload.
    fn take_content(&mut self, payload: Val) -> Val {
        let source = host::field(payload, Name::Content);
        let rest = Fields::empty();
        if !is_source(source) || host::assign(rest, payload).is_err() {
            return payload;
        }
        self.content = source;
        *rest.with(Name::Content, Val::UNDEFINED)
    }
}

/// True where the query's object may be left out, and is.
fn may_lack(endpoint: &Endpoint, payload: Val) -> bool {
    payload.is_none() && !endpoint.fields.iter().any(|field| field.presence == Presence::Required)
}

/// Finds the field that JSON cannot carry: a cycle, a BigInt, a getter or toJSON that throws.
#[cold]
fn blame(payload: Val, error: Val, faults: &Faults) {
    for name in host::own_names(payload).unwrap_or_default().iter() {
        let encoded = payload.fields().get_dynamic(name).and_then(host::to_json);
        if let Err(error) = encoded {
            return faults.threw(At(Name::Empty.js(), name), "written as JSON", error);
        }
    }
    faults.threw(At::name(Name::Request), "written as JSON", error);
}

/// JSON leaves out what is inherited, not enumerable, or undefined by the time it is written. What a deletion is limited by, required or
/// not, must not get lost that way: the deletion would reach further than its caller wrote.
fn check_narrowing(endpoint: &Endpoint, payload: Val, text: Val, faults: &Faults) {
    if !endpoint.fields.iter().any(|field| field.presence == Presence::Narrowing) {
        return;
    }
    let sent = host::parse_json(text).unwrap_or_default();
    for field in endpoint.fields {
        let name = field.name.js();
        let given = host::has(payload, name);
        if given && !host::is_enumerable(sent, name) {
            faults.add(At::name(field.name), "is given, but JSON would leave it out: make it an own, enumerable field");
        }
    }
}

/// A field as the text carries it: JSON takes own, enumerable fields, or whatever a `toJSON` gives.
fn carried(payload: Val, name: Name, text: Val) -> Val {
    if host::field(payload, Name::ToJson).is_function() {
        return host::field(host::parse_json(text).unwrap_or_default(), name);
    }
    if host::is_enumerable(payload, name.js()) { host::field(payload, name) } else { Val::UNDEFINED }
}

fn path(endpoint: &Endpoint, args: [Val; 2], faults: &Faults) -> Val {
    let mut ids = endpoint.args.iter().zip(args).filter(|(arg, _)| arg.place == Place::Path);
    let [first, rest @ ..] = endpoint.path;
    let mut path = Say::name(first);
    for piece in rest {
        if let Some((arg, id)) = ids.next() {
            path = path.v(encoded(At::name(arg.name), id, faults));
        }
        if piece != Name::Empty {
            path = path.v(piece.js());
        }
    }
    path.end()
}

/// The query: positional arguments, known fields in the contract's order, then whatever else the caller gave.
fn query(endpoint: &Endpoint, args: [Val; 2], payload: Val, is_record: bool, faults: &Faults) -> Val {
    let mut query = Name::Empty.js();
    for (arg, value) in endpoint.args.iter().zip(args) {
        if let Place::Query(name, default) = arg.place {
            push(&mut query, name.js(), value, default, faults);
        }
    }
    if endpoint.payload != Payload::Query {
        return query;
    }
    let fields = payload.fields();
    for field in endpoint.fields {
        let default = if let Presence::Or(default) = field.presence { Some(default) } else { None };
        match if is_record { fields.get(field.name) } else { Ok(Val::UNDEFINED) } {
            Ok(value) => push(&mut query, field.name.js(), value, default, faults),
            Err(error) => faults.threw(At::name(field.name), "read", error),
        }
    }
    if !is_record {
        return query;
    }
    match host::own_names(payload) {
        Err(error) => faults.threw(At::name(Name::Request), "read", error),
        Ok(names) => {
            for name in names.iter() {
                if endpoint.fields.iter().any(|field| field.name.is(name)) {
                    continue;
                }
                match fields.get_dynamic(name) {
                    Ok(value) => push(&mut query, name, value, None, faults),
                    Err(error) => faults.threw(At(Name::Empty.js(), name), "read", error),
                }
            }
        }
    }
    query
}

/// Appends `name=value`, percent-encoded; nothing where there is neither a value nor a default.
#[inline(never)]
fn push(query: &mut Val, name: Val, value: Val, default: Option<Name>, faults: &Faults) {
    let value = if value.is_none() { default.map(Name::js).unwrap_or_default() } else { value };
    if value.is_none() {
        return;
    }
    let at = At(Name::Empty.js(), name);
    let before = if Name::Empty.is(*query) { "?" } else { "&" };
    let say = Say::of(*query).s(before).v(encoded(at, name, faults)).s("=").v(encoded(at, value, faults));
    *query = say.end();
}

/// A value as it stands in a URL.
fn encoded(at: At, value: Val, faults: &Faults) -> Val {
    host::encode_component(value).unwrap_or_else(|error| {
        faults.threw(at, "put into a URL", error);
        Name::Empty.js()
    })
}
