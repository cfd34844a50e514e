//! From a method's arguments to what will be sent. All of it happens while the method is being called, so that what the
//! caller changes afterwards changes nothing.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::batch::Pacer;
use crate::endpoint::{Endpoint, Payload, Place, Replay};
use crate::error::{self, Error};
use crate::options::{CallOptions, Config};
use crate::platform::abort::AbortWatch;
use crate::platform::host::{self, Fields};
use crate::platform::{names, uuid};
use crate::rules::{Faults, Kind, Presence, check_fields, check_value, one_line};
use crate::transport::content;

/// A call, ready to be sent as often as it takes.
pub(crate) struct Request {
    pub(crate) endpoint: &'static Endpoint,
    /// As sent, ids percent-encoded, without the query.
    pub(crate) path: JsString,
    pub(crate) url: JsString,
    pub(crate) body: Option<JsString>,
    /// What has to be read before the body is whole: the content of a document.
    pub(crate) content: Option<JsValue>,
    /// The key that this request carries, for endpoints that know one.
    pub(crate) idempotency_key: Option<JsString>,
    /// True when sending it twice does no harm.
    pub(crate) replayable: bool,
    pub(crate) options: CallOptions,
    /// Shared with the other calls of a batch.
    pub(crate) pacer: Option<Rc<Pacer>>,
    /// Shared likewise, so that a batch listens to its signal once; it stands in for `options.signal`.
    pub(crate) watch: Option<Rc<AbortWatch>>,
}

impl Request {
    /// Checks and encodes everything; all faults are told together. `more` are options that the method takes besides a call's.
    pub(crate) fn new(
        config: &Config,
        endpoint: &'static Endpoint,
        args: &[JsValue],
        payload: &JsValue,
        options: &JsValue,
        more: &[&str],
    ) -> Result<Request, Error> {
        let mut faults = Faults::default();
        check_args(endpoint, args, config.validate, &mut faults);
        let fields = fields_of(endpoint, payload, config.validate, &mut faults);
        if let (true, Some(fields)) = (config.validate, fields) {
            check_fields(fields, "", endpoint.fields, &mut faults);
        }
        let options = CallOptions::read(options, config.limits, more, &mut faults);

        let (mut body, mut key, mut content) = (None, None, None);
        let mut replayable = endpoint.replay == Replay::Safe;
        if endpoint.payload == Payload::Body
            && faults.0.is_empty()
            && let Some(text) = match streamed(endpoint, fields) {
                None => encode_body(payload, &mut faults),
                Some((source, rest)) => {
                    content = Some(source);
                    encode_body(&rest, &mut faults)
                }
            }
        {
            if let (true, Some(fields)) = (config.validate, fields) {
                check_narrowing(endpoint, fields, &text, &mut faults);
            }
            replayable |= is_named(endpoint, fields, &text);
            let (text, used) = add_key(endpoint, fields, text, config.auto_idempotency);
            replayable |= used.is_some();
            (body, key) = (Some(text), used);
        }
        let path = if faults.0.is_empty() { path(endpoint, args, &mut faults) } else { JsString::default() };
        let query = if faults.0.is_empty() { query(endpoint, args, fields, &mut faults) } else { String::new() };
        if !faults.0.is_empty() {
            return Err(error::validation("The request was not sent", &faults));
        }
        let mut url = config.base_url.concat(&path);
        if !query.is_empty() {
            url = url.concat(&query.into());
        }
        Ok(Request {
            endpoint,
            path,
            url,
            body,
            content,
            idempotency_key: key,
            replayable,
            options,
            pacer: None,
            watch: None,
        })
    }
}

fn check_args(endpoint: &Endpoint, args: &[JsValue], validate: bool, faults: &mut Faults) {
    for (arg, value) in endpoint.args.iter().zip(args) {
        let left_out = value.is_undefined() && arg.has_default();
        // An id is checked even with validation off: an empty one would reach another endpoint.
        if !left_out && (validate || arg.place == Place::Path) {
            check_value(arg.name, arg.kind, value, faults);
        }
    }
}

/// The payload as an object whose fields can be read.
fn fields_of<'p>(endpoint: &Endpoint, payload: &'p JsValue, validate: bool, faults: &mut Faults) -> Option<&'p Fields> {
    if host::is_record(payload) {
        return Some(payload.unchecked_ref());
    }
    let needed = endpoint.fields.iter().any(|field| matches!(field.presence, Presence::Required));
    let left_out =
        endpoint.payload == Payload::None || (endpoint.payload == Payload::Query && payload.is_undefined() && !needed);
    if validate && !left_out {
        faults.wrong("request", "a plain object", payload);
    }
    None
}

fn encode_body(payload: &JsValue, faults: &mut Faults) -> Option<JsString> {
    match host::to_json(payload).map(JsCast::dyn_into::<JsString>) {
        Ok(Ok(text)) => return Some(text),
        Ok(Err(_)) => faults.wrong("request", "something that JSON can carry", payload),
        Err(error) => blame(payload, &error, faults),
    }
    None
}

/// Finds the field that JSON cannot carry: a cycle, a BigInt, a getter or toJSON that throws.
fn blame(payload: &JsValue, error: &JsValue, faults: &mut Faults) {
    let names = host::own_names(payload).unwrap_or_default();
    for name in names.iter() {
        let name: JsString = name.unchecked_into();
        let encoded = payload.unchecked_ref::<Fields>().get_dynamic(&name).and_then(|value| host::to_json(&value));
        if let Err(error) = encoded {
            return faults.threw(one_line(&name), "written as JSON", &error);
        }
    }
    faults.threw("request", "written as JSON", error);
}

/// JSON leaves out what is inherited, not enumerable, or undefined by the time it is written. What a deletion is limited by, required or
/// not, must not get lost that way: the deletion would reach further than its caller wrote.
fn check_narrowing(endpoint: &Endpoint, fields: &Fields, text: &JsString, faults: &mut Faults) {
    if !endpoint.fields.iter().any(|field| matches!(field.presence, Presence::Narrowing)) {
        return;
    }
    let sent = host::parse_json(text).unwrap_or_default();
    for field in endpoint.fields {
        let name = names::js(field.name);
        // A trap that throws leaves open whether it is given; then it counts as given.
        let given = js_sys::Reflect::has(fields, &name).unwrap_or(true);
        if given && !host::has_own(&sent, &name).unwrap_or(false) {
            faults.add(field.name, "is given, but JSON would leave it out: make it an own, enumerable field");
        }
    }
}

/// Gives the request an idempotency key if it has none, and tells the one that it carries.
///
/// The key goes into the JSON text, not into the object: the caller's is not ours to change, and a copy would lose what
/// `toJSON`, getters of a class and a field called `__proto__` mean.
fn add_key(endpoint: &Endpoint, fields: Option<&Fields>, text: JsString, auto: bool) -> (JsString, Option<JsString>) {
    if endpoint.replay != Replay::ByKey {
        return (text, None);
    }
    let given = fields.map(|fields| carried(fields, "idempotency_key", &text)).unwrap_or_default();
    if !given.is_undefined() {
        return (text, given.dyn_into().ok());
    }
    if !auto {
        return (text, None);
    }
    let key: JsString = uuid::v4().into();
    match add_field(&text, "\"idempotency_key\":\"", &key.concat(&names::js("\""))) {
        Some(text) => (text, Some(key)),
        None => (text, None),
    }
}

/// Adds a field to the text of an object. `name` is written as JSON has it, up to the value.
pub(crate) fn add_field(text: &JsString, name: &'static str, value: &JsString) -> Option<JsString> {
    let end = text.length().checked_sub(1)?;
    if text.char_code_at(end) != f64::from(b'}') {
        return None;
    }
    let text = text.slice(0, end);
    let text = if end > 1 { text.concat(&names::js(",")) } else { text };
    Some(text.concat(&names::js(name)).concat(value).concat(&names::js("}")))
}

/// The content that has to be read first, where there is any, and the rest of the payload.
fn streamed(endpoint: &Endpoint, fields: Option<&Fields>) -> Option<(JsValue, JsValue)> {
    if !endpoint.fields.iter().any(|field| matches!(field.kind, Kind::Content)) {
        return None;
    }
    let fields = fields?;
    let source = fields.get(content::FIELD).ok().filter(content::is_source)?;
    let rest = Fields::empty();
    host::assign(&rest, fields).ok()?;
    rest.set(content::FIELD, &JsValue::UNDEFINED);
    Some((source, rest.into()))
}

/// True where the request names what it makes, so that a second one makes the same.
fn is_named(endpoint: &Endpoint, fields: Option<&Fields>, text: &JsString) -> bool {
    match (endpoint.replay, fields) {
        (Replay::ByField(name), Some(fields)) => carried(fields, name, text).is_string(),
        _ => false,
    }
}

/// A field as the text carries it: JSON takes own, enumerable fields, or whatever a `toJSON` gives.
fn carried(fields: &Fields, name: &'static str, text: &JsString) -> JsValue {
    if fields.get("toJSON").is_ok_and(|shape| shape.is_function()) {
        let sent = host::parse_json(text).unwrap_or_default();
        return host::as_fields(&sent).and_then(|sent| sent.get(name).ok()).unwrap_or_default();
    }
    if host::is_enumerable(fields, &names::js(name)).unwrap_or(false) {
        return fields.get(name).unwrap_or_default();
    }
    JsValue::UNDEFINED
}

fn path(endpoint: &Endpoint, args: &[JsValue], faults: &mut Faults) -> JsString {
    let mut ids = endpoint.args.iter().zip(args).filter(|(arg, _)| arg.place == Place::Path);
    let mut path: Option<JsString> = None;
    for piece in endpoint.path {
        let piece = names::js(piece);
        let Some(before) = path else {
            path = Some(piece);
            continue;
        };
        let encoded = ids.next().map(|(arg, id)| (arg, host::to_text(id).and_then(|id| host::encode_component(&id))));
        path = Some(match encoded {
            Some((_, Ok(id))) => before.concat(&id).concat(&piece),
            Some((arg, Err(error))) => {
                faults.threw(arg.name, "put into a URL", &error);
                before
            }
            None => before,
        });
    }
    path.unwrap_or_default()
}

/// The query: positional arguments, known fields in the contract's order, then whatever else the caller gave.
fn query(endpoint: &Endpoint, args: &[JsValue], fields: Option<&Fields>, faults: &mut Faults) -> String {
    let mut query = String::new();
    for (arg, value) in endpoint.args.iter().zip(args) {
        if let Place::Query(name, default) = arg.place {
            let value =
                if value.is_undefined() { default.map(JsValue::from_str).unwrap_or_default() } else { value.clone() };
            push(&mut query, &names::js(name), &value, faults);
        }
    }
    if endpoint.payload != Payload::Query {
        return query;
    }
    for field in endpoint.fields {
        let name = names::js(field.name);
        match fields.map(|fields| fields.get(field.name)).unwrap_or(Ok(JsValue::UNDEFINED)) {
            Err(error) => faults.threw(field.name, "read", &error),
            Ok(value) if value.is_undefined() => {
                if let Presence::Or(default) = field.presence {
                    push(&mut query, &name, &default.into(), faults);
                }
            }
            Ok(value) => push(&mut query, &name, &value, faults),
        }
    }
    let Some(fields) = fields else { return query };
    let names = host::own_names(fields).unwrap_or_else(|error| {
        faults.threw("request", "read", &error);
        js_sys::Array::new()
    });
    for name in names.iter() {
        let name: JsString = name.unchecked_into();
        if endpoint.fields.iter().any(|field| names::is(&name, field.name)) {
            continue;
        }
        match fields.get_dynamic(&name) {
            Ok(value) => push(&mut query, &name, &value, faults),
            Err(error) => faults.threw(one_line(&name), "read", &error),
        }
    }
    query
}

/// Appends `name=value`, percent-encoded; nothing for undefined.
fn push(query: &mut String, name: &JsString, value: &JsValue, faults: &mut Faults) {
    if value.is_undefined() {
        return;
    }
    let encode = |value: &JsValue| host::to_text(value).and_then(|text| host::encode_component(&text));
    match (encode(name), encode(value)) {
        (Ok(name), Ok(value)) => {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(&String::from(&name));
            query.push('=');
            query.push_str(&String::from(&value));
        }
        (Err(error), _) | (_, Err(error)) => faults.threw(one_line(name), "put into a URL", &error),
    }
}
