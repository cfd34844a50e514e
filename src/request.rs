//! Makes the request of a method's arguments. All of it happens while the method is being called, so that what the caller changes
//! afterwards changes nothing.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::address::{Address, write_path};
use crate::call_depth::CallDepth;
use crate::endpoint::{Endpoint, Payload, Replay};
use crate::error::{self, Failure};
use crate::hooks;
use crate::host::{
    Name, concat, copy_fields, get, is_record, one_line, own_names, parse_json, random_uuid, text_or_none, to_json,
};
use crate::options::{CALL_OPTIONS, CallOptions, ClientOptions};
use crate::rules::{FieldPath, Issues, Kind, Presence, check_fields, check_unknown, check_value, is_source};

#[wasm_bindgen(raw_module = "./json.js")]
extern "C" {
    /// The text of a JSON object with one more field. Undefined where `text` is not that of an object.
    #[wasm_bindgen(catch, js_name = withField)]
    fn with_field(text: &JsValue, name: Name, value: &JsValue) -> Result<JsValue, JsValue>;

    /// A field of `payload` as `text`, its JSON, has it: no getter is called again. Undefined where it does not have it.
    #[wasm_bindgen(catch, js_name = fieldInJson)]
    fn field_in_json(payload: &JsValue, name: Name, text: &JsValue) -> Result<JsValue, JsValue>;
}

/// A call, ready to be sent as often as it takes.
pub(crate) struct Request {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) address: Address,
    /// The JSON text.
    pub(crate) body: Option<JsString>,
    /// The content of a document, where it is a Blob or a stream: it is read first, and then put into the body.
    pub(crate) content: Option<JsValue>,
    /// The key that this request carries, for endpoints that know one.
    pub(crate) idempotency_key: Option<JsString>,
    /// True when sending it twice does no harm.
    pub(crate) replayable: bool,
    pub(crate) options: Rc<CallOptions>,
    /// What the hook `onCall` returned, for the other hooks of this call.
    pub(crate) context: JsValue,
}

/// The arguments of a method without its options.
pub(crate) struct Arguments {
    /// The ids of the path and the argument of the query, in the order of the method's signature.
    pub(crate) positional: [JsValue; 2],
    /// The object of fields.
    pub(crate) payload: JsValue,
}

impl Arguments {
    /// The arguments of a method that takes only a payload.
    pub(crate) fn of(payload: JsValue) -> Arguments {
        Arguments { positional: [JsValue::UNDEFINED, JsValue::UNDEFINED], payload }
    }
}

impl Request {
    /// Checks and encodes everything. All issues are reported together, with those of the options.
    #[inline(never)]
    pub(crate) fn new(
        client: &ClientOptions,
        endpoint: &'static Endpoint,
        arguments: &Arguments,
        options: Rc<CallOptions>,
        mut issues: Issues,
    ) -> Result<Request, Failure> {
        let mut positional = arguments.positional.iter();
        // Ids are checked even with validation off: an empty one would reach another endpoint.
        let path = write_path(endpoint, &mut positional, &mut issues);
        // What the path has left.
        let query_arg = positional.next();
        if client.validate {
            check(endpoint, query_arg, &arguments.payload, options.allow_unknown_fields, &mut issues);
        }
        let mut request = Request {
            endpoint,
            address: Address::default(),
            body: None,
            content: None,
            idempotency_key: None,
            replayable: endpoint.replay == Replay::Safe,
            options,
            context: JsValue::UNDEFINED,
        };
        if issues.is_empty() && endpoint.payload == Payload::Body {
            request.encode(client, &arguments.payload, &mut issues);
        }
        if issues.is_empty() {
            request.address =
                Address::new(&client.base_url, path, endpoint, query_arg, &arguments.payload, &mut issues);
        }
        if issues.is_empty() { Ok(request) } else { Err(error::validation("The request was not sent", issues)) }
    }

    /// Calls the hook `onCall`, and keeps what it returns for the other hooks. `batch` is what it returned for the batch that this call
    /// belongs to.
    pub(crate) fn emit_call(&mut self, client: &ClientOptions, call_depth: &CallDepth, batch: &JsValue) {
        self.context = hooks::emit_call(client, call_depth, self.endpoint, &self.address.path, batch, None);
    }

    /// Such as `POST /v1/ingest`.
    pub(crate) fn name(&self) -> String {
        concat(&[self.endpoint.method.text(), " ", &self.address.path])
    }

    /// Makes the text of the body, adds an idempotency key where there is none, and decides whether the request may be sent twice.
    fn encode(&mut self, client: &ClientOptions, payload: &JsValue, issues: &mut Issues) {
        let endpoint = self.endpoint;
        let is_record = is_record(payload);
        let rest = if is_record && endpoint.fields.iter().any(|field| matches!(field.kind, Kind::Content)) {
            self.take_content(payload)
        } else {
            payload.clone()
        };
        let text: JsString = match to_json(&rest) {
            Ok(text) if text.is_string() => text.unchecked_into(),
            Ok(_) => return issues.add_expected(FieldPath::text("request"), "something that JSON can carry", payload),
            Err(error) => return add_json_issue(payload, &error, issues),
        };
        // Where checks are switched off, a key that is no string is sent as it is, and does not make the request repeatable.
        let mut has_key = false;
        if is_record {
            if client.validate {
                check_narrowing(endpoint, payload, &text, issues);
            }
            match endpoint.replay {
                Replay::ByKey => {
                    let key = field_in_json(payload, Name::IdempotencyKey, &text).unwrap_or_default();
                    has_key = !key.is_undefined();
                    self.idempotency_key = text_or_none(key);
                }
                Replay::ByField(name) => {
                    self.replayable = field_in_json(payload, name, &text).is_ok_and(|value| value.is_string())
                }
                _ => {}
            }
        }
        self.body = Some(text);
        if endpoint.replay == Replay::ByKey {
            if !has_key
                && client.auto_idempotency
                && let Ok(key) = random_uuid()
                && self.add_field(Name::IdempotencyKey, &key)
            {
                self.idempotency_key = Some(key);
            }
            self.replayable = self.idempotency_key.is_some();
        }
    }

    /// Adds a field to the text of the body. Not to the caller's object, which is not ours to change; and a copy of that would lose its
    /// `toJSON` and the getters of its class. False where the body is not that of an object.
    pub(crate) fn add_field(&mut self, name: Name, value: &JsValue) -> bool {
        let Some(body) = &self.body else { return false };
        match with_field(body, name, value) {
            Ok(text) if text.is_string() => {
                self.body = Some(text.unchecked_into());
                true
            }
            _ => false,
        }
    }

    /// Keeps content that is a Blob or a stream, which has to be read first, and returns the payload without it.
    fn take_content(&mut self, payload: &JsValue) -> JsValue {
        let source = Name::Content.get(payload);
        if is_source(&source)
            && let Ok(rest) = copy_fields(payload)
        {
            Name::Content.set(&rest, &JsValue::UNDEFINED);
            self.content = Some(source);
            return rest.into();
        }
        payload.clone()
    }
}

/// Checks the argument of the query and the payload against the endpoint's rules.
fn check(
    endpoint: &Endpoint,
    query_arg: Option<&JsValue>,
    payload: &JsValue,
    allow_unknown: bool,
    issues: &mut Issues,
) {
    if let Some(arg) = &endpoint.query_arg
        && let Some(value) = query_arg
        && !(value.is_undefined() && arg.default.is_some())
    {
        check_value(FieldPath::text(arg.name), arg.kind, value, issues);
    }
    let may_be_left_out =
        endpoint.payload == Payload::Query && !endpoint.fields.iter().any(|field| field.presence == Presence::Required);
    if endpoint.payload == Payload::None || (may_be_left_out && payload.is_undefined()) {
        return;
    }
    if is_record(payload) {
        let known_count = check_fields(payload, "", endpoint.fields, issues);
        if !allow_unknown {
            check_unknown(payload, known_count, &endpoint.known(), CALL_OPTIONS, issues);
        }
    } else {
        issues.add_wrong_kind(FieldPath::text("request"), Kind::Record, payload);
    }
}

/// Adds an issue for the field that JSON cannot carry: a cycle, a BigInt, a getter or `toJSON` that throws.
#[cold]
fn add_json_issue(payload: &JsValue, error: &JsValue, issues: &mut Issues) {
    for name in own_names(payload).unwrap_or_default().iter() {
        if let Err(error) = get(payload, &name).and_then(|value| to_json(&value)) {
            return issues.add_exception(FieldPath::text(&one_line(&name)), "written as JSON", &error);
        }
    }
    issues.add_exception(FieldPath::text("request"), "written as JSON", error);
}

/// JSON leaves out fields that are inherited, not enumerable, or undefined by the time it is written. A field that limits a deletion must
/// not get lost that way: the deletion would reach further than its caller wrote.
fn check_narrowing(endpoint: &Endpoint, payload: &JsValue, text: &JsValue, issues: &mut Issues) {
    if !endpoint.fields.iter().any(|field| field.presence == Presence::Narrowing) {
        return;
    }
    let sent = parse_json(text).unwrap_or_default();
    for field in endpoint.fields {
        if field.name.is_in(payload) && !field.name.is_own(&sent) {
            issues.add(
                FieldPath::of(field.name),
                &["is given, but JSON would leave it out: make it an own, enumerable field"],
            );
        }
    }
}
