//! What the unit tests in wasm run against: a scripted host, and calls of endpoints that are made for tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Waker;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::call::{self, Call};
use crate::call_depth::CallDepth;
use crate::endpoint::{Endpoint, Replay};
use crate::options::{CallOptions, ClientOptions};
use crate::request::{Arguments, Request};
use crate::rules::Issues;
use crate::wait::registered;

/// After this long a future counts as one that never ends.
const FOREVER_MS: u32 = 10_000;

/// May be sent twice.
pub(crate) static SAFE: Endpoint = Endpoint::post("/safe", Replay::Safe, &[]);
/// May be sent twice because it carries a key.
pub(crate) static KEYED: Endpoint = Endpoint::post("/keyed", Replay::ByKey, &[]);
/// Must not be sent twice.
pub(crate) static ONCE: Endpoint = Endpoint::post("/once", Replay::Never, &[]);

/// Evaluates a JavaScript expression.
pub(crate) fn js(expression: &str) -> JsValue {
    Function::new_no_args(&["return (", expression, ")"].concat()).call0(&JsValue::UNDEFINED).unwrap()
}

/// What stands at a path such as `attempts.0.status`; undefined where there is nothing.
pub(crate) fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| {
        if value.is_object() { Reflect::get(&value, &name.into()).unwrap() } else { JsValue::UNDEFINED }
    })
}

/// The text at a path.
pub(crate) fn text(value: &JsValue, path: &str) -> String {
    get(value, path).as_string().unwrap_or_else(|| panic!("{path} is no string in {}", json(value)))
}

/// The number at a path.
pub(crate) fn number(value: &JsValue, path: &str) -> f64 {
    get(value, path).as_f64().unwrap_or_else(|| panic!("{path} is no number in {}", json(value)))
}

/// A value as JSON.
pub(crate) fn json(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_else(|| format!("{value:?}"))
}

/// The texts at a path within each item of an array.
pub(crate) fn each(items: &JsValue, path: &str) -> Vec<String> {
    items.unchecked_ref::<Array>().iter().map(|item| text(&item, path)).collect()
}

/// Lets at least `ms` milliseconds go by.
pub(crate) async fn sleep(ms: u32) {
    let promise = js("ms => new Promise(done => setTimeout(done, ms))").unchecked_into::<Function>();
    let promise = promise.call1(&JsValue::UNDEFINED, &ms.into()).unwrap().unchecked_into::<Promise>();
    JsFuture::from(promise).await.unwrap();
}

/// What a future gives. One that never ends fails its test, and not the whole run.
pub(crate) async fn ended<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let late: Rc<(Cell<bool>, Cell<Option<Waker>>)> = Rc::default();
    let at_end = Rc::clone(&late);
    let _timer = Timeout::new(FOREVER_MS, move || {
        at_end.0.set(true);
        if let Some(waker) = at_end.1.take() {
            waker.wake();
        }
    });
    poll_fn(|context| {
        let poll = future.as_mut().poll(context);
        assert!(poll.is_ready() || !late.0.get(), "it does not end");
        late.1.set(Some(context.waker().clone()));
        poll
    })
    .await
}

/// What the scripted fetch does at one of its calls.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    /// A response with this status, these headers and this body.
    Respond(u16, &'static [(&'static str, &'static str)], &'static str),
    /// A success after so many milliseconds.
    After(u32),
    /// A response with status 200 whose body begins with this text and then hangs or breaks.
    Begin(&'static str, Rest),
    /// The promise rejects with an error of this message.
    Reject(&'static str),
    /// fetch itself throws an error of this message.
    Throw(&'static str),
    /// The promise never settles.
    Hang,
    /// The caller's signal fires, and the promise never settles.
    Abort,
}

/// How a body goes on that has begun.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Rest {
    /// It never does.
    Hangs,
    /// The connection breaks.
    Breaks,
}

/// A success.
pub(crate) const OK: Outcome = Outcome::Respond(200, &[], "{\"ok\":true}");
/// Busy, and asks for the shortest wait.
pub(crate) const BUSY: Outcome = Outcome::Respond(503, &[("retry-after-ms", "1")], "");

#[wasm_bindgen]
extern "C" {
    type Response;

    #[wasm_bindgen(constructor)]
    fn new(body: &JsValue, init: &JsValue) -> Response;

    /// What a caller has to fire its signal.
    #[derive(Clone)]
    pub(crate) type Caller;

    #[wasm_bindgen(constructor, js_class = "AbortController")]
    pub(crate) fn new() -> Caller;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn signal(this: &Caller) -> JsValue;

    #[wasm_bindgen(method)]
    pub(crate) fn abort(this: &Caller, reason: &JsValue);
}

/// A host whose fetch has a script, and a caller with a signal.
pub(crate) struct Host {
    /// What fetch was given: `url` and the fields of `init`; with it `at` (when, in milliseconds), `running` (how many had been sent and
    /// not answered by then), and `cancelled` once a body was.
    pub(crate) sent: Array,
    /// What fires the caller's signal.
    pub(crate) caller: Caller,
    /// Where the hooks of a test write what they get.
    pub(crate) log: Array,
    fetch: JsValue,
}

impl Host {
    /// Each call of fetch takes the next outcome; after the last one fetch throws "nothing more is scripted".
    pub(crate) fn new(outcomes: &[Outcome]) -> Host {
        let (sent, caller) = (Array::new(), Caller::new());
        let left = RefCell::new(outcomes.iter().copied().collect::<VecDeque<_>>());
        let (log, signal) = (sent.clone(), caller.clone());
        let fetch = Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(move |url, init| {
            let entry = Object::assign(&Object::new(), &Object::from(init));
            set(&entry, "url", &url);
            set(&entry, "at", &js("performance.now()"));
            log.push(&entry);
            let running = log.iter().filter(|entry| !get(entry, "answered").is_truthy()).count();
            set(&entry, "running", &JsValue::from_f64(running as f64));
            let outcome = left.borrow_mut().pop_front().unwrap_or(Outcome::Throw("nothing more is scripted"));
            play(outcome, &entry, &signal)
        });
        Host { sent, caller, log: Array::new(), fetch: fetch.into_js_value() }
    }

    /// The object that an expression stands for, which may use `caller` and `log`.
    fn object(&self, expression: &str) -> Object {
        let make = Function::new_with_args("caller, log", &["return (", expression, ")"].concat());
        make.call2(&JsValue::UNDEFINED, &self.caller, &self.log).unwrap().into()
    }

    /// A client of this host with these options, such as `{ timeout: 20 }`, over a fixed key.
    pub(crate) fn client(&self, options: &str) -> Rc<ClientOptions> {
        let all = Object::from(js("{ apiKey: 'test-key' }"));
        set(&all, "fetch", &self.fetch);
        let all = Object::assign(&all, &self.object(options));
        let (options, _) = ClientOptions::read(&all).unwrap_or_else(|failure| panic!("{}", failure.message));
        Rc::new(options)
    }

    /// The options of a call: the caller's signal, and these.
    pub(crate) fn options(&self, options: &str) -> JsValue {
        let all = Object::new();
        set(&all, "signal", &self.caller.signal());
        Object::assign(&all, &self.object(options)).into()
    }

    /// Runs a call to its end. Whatever comes, nothing of it stays in the table of waits.
    pub(crate) async fn call(
        &self,
        client: &Rc<ClientOptions>,
        endpoint: &'static Endpoint,
        options: &str,
    ) -> Result<JsValue, JsValue> {
        let before = registered();
        let mut issues = Issues::default();
        let options = CallOptions::read(&self.options(options), client.limits, &mut issues);
        let call_depth = CallDepth::of_new_call(&client.call_depth).unwrap();
        let request = Request::new(client, endpoint, &arguments(js("{ a: 1 }")), options, issues);
        let request = request.unwrap_or_else(|failure| panic!("{}", failure.message));
        let result = ended(call::run(Call::new(client, request, call_depth, None))).await;
        assert_eq!(registered(), before, "entries stay in the table of waits");
        result
    }

    /// How often fetch was called.
    pub(crate) fn count(&self) -> u32 {
        self.sent.length()
    }

    /// Whether the signal that fetch was given with its call number `place`, from 0, has fired.
    pub(crate) fn is_aborted(&self, place: u32) -> bool {
        get(&self.sent.get(place), "signal.aborted").is_truthy()
    }

    /// Milliseconds from one call of fetch to the next.
    pub(crate) fn gap(&self, place: u32) -> f64 {
        number(&self.sent.get(place + 1), "at") - number(&self.sent.get(place), "at")
    }
}

/// The arguments of a method without positional ones.
pub(crate) fn arguments(payload: JsValue) -> Arguments {
    Arguments::of(payload)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

fn play(outcome: Outcome, entry: &Object, caller: &Caller) -> Result<JsValue, JsValue> {
    let forever = || js("new Promise(() => {})");
    let resolved = |body: &JsValue, init: &JsValue| Promise::resolve(&Response::new(body, init)).into();
    Ok(match outcome {
        Outcome::Respond(status, headers, body) => {
            let init = Object::new();
            set(&init, "status", &status.into());
            let pairs: Array =
                headers.iter().map(|(name, value)| Array::of2(&(*name).into(), &(*value).into())).collect();
            set(&init, "headers", &pairs);
            resolved(&body.into(), &init)
        }
        Outcome::After(ms) => {
            let late = js("(entry, ms) => new Promise(done => setTimeout(() => {
                entry.answered = true;
                done(new Response('{\"ok\":true}'));
            }, ms))");
            late.unchecked_into::<Function>().call2(&JsValue::UNDEFINED, entry, &ms.into())?
        }
        Outcome::Begin(start, rest) => {
            let stream = js("(entry, start, breaks) => new ReadableStream({
                start(controller) { controller.enqueue(new TextEncoder().encode(start)); },
                pull() { return breaks ? Promise.reject(new TypeError('terminated')) : new Promise(() => {}); },
                cancel() { entry.cancelled = true; },
            }, { highWaterMark: 0 })");
            let stream = stream.unchecked_into::<Function>();
            let breaks = (rest == Rest::Breaks).into();
            let body = stream.call3(&JsValue::UNDEFINED, entry, &start.into(), &breaks)?;
            resolved(&body, &js("{}"))
        }
        Outcome::Reject(message) => Promise::reject(&js_sys::TypeError::new(message)).into(),
        Outcome::Throw(message) => return Err(js_sys::TypeError::new(message).into()),
        Outcome::Hang => forever(),
        Outcome::Abort => {
            caller.abort(&JsValue::UNDEFINED);
            forever()
        }
    })
}
