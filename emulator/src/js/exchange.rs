//! Requests of the Fetch standard to the service, and its responses back.

use super::wait::{self, Signal};
use crate::http::{self, Body};
use js_sys::{Array, Object, Promise, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    /// A `Request`, of whatever realm.
    type Request;

    #[wasm_bindgen(constructor, catch)]
    fn new(input: &JsValue, init: &Object) -> Result<Request, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn method(this: &Request) -> String;

    #[wasm_bindgen(method, getter)]
    fn url(this: &Request) -> String;

    #[wasm_bindgen(method, getter)]
    fn headers(this: &Request) -> Headers;

    #[wasm_bindgen(method, getter)]
    fn body(this: &Request) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = bodyUsed)]
    fn body_used(this: &Request) -> JsValue;

    #[wasm_bindgen(method, js_name = arrayBuffer, catch)]
    fn array_buffer(this: &Request) -> Result<Promise, JsValue>;

    type Headers;

    #[wasm_bindgen(method, catch)]
    fn entries(this: &Headers) -> Result<JsValue, JsValue>;

    type Stream;

    #[wasm_bindgen(method, js_name = getReader, catch)]
    fn get_reader(this: &Stream) -> Result<Reader, JsValue>;

    type Reader;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Reader) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn cancel(this: &Reader) -> Result<Promise, JsValue>;

    type Response;

    #[wasm_bindgen(constructor, catch)]
    fn new_response(body: &JsValue, init: &Object) -> Result<Response, JsValue>;

    type ReadableStream;

    #[wasm_bindgen(constructor, catch)]
    fn new_stream(source: &Object, strategy: &Object) -> Result<ReadableStream, JsValue>;

    type Controller;

    #[wasm_bindgen(method, catch)]
    fn enqueue(this: &Controller, chunk: &Uint8Array) -> Result<(), JsValue>;

    #[wasm_bindgen(method)]
    fn error(this: &Controller, reason: &JsValue);
}

/// A request as the platform hands it over.
pub struct Incoming {
    request: Request,
    /// Its body, where it was given as text or bytes: a stream of the host's is read by `queueMicrotask`, which fake timers replace.
    plain: Option<Vec<u8>>,
    /// What can abort it.
    pub signal: Option<Signal>,
}

/// Reads the arguments of `fetch` or of a handler. A server hands a second argument that is no `RequestInit` (Deno the peer's address,
/// Bun the server) or three of them (Workers); such context is passed over.
pub fn incoming(input: &JsValue, init: JsValue, third: &JsValue) -> Result<Incoming, JsValue> {
    let init = if init.is_object() && third.is_undefined() { init } else { JsValue::UNDEFINED };
    let given = |name: &str| Reflect::get(&init, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let is_request = input.is_object() && ["url", "method"].iter().all(|name| has_text(input, name));
    let plain = Object::new();
    let mut overridden = false;
    for name in ["method", "headers", "body", "duplex"] {
        let value = if init.is_object() { given(name) } else { JsValue::UNDEFINED };
        // What cannot be a member of a RequestInit is some context's own.
        let foreign = value.is_undefined() || value.is_function() || (name == "method" && value.as_string().is_none());
        if !foreign {
            Reflect::set(&plain, &name.into(), &value)?;
            overridden = true;
        }
    }
    // The signal is listened to here: a Request made with it would keep a listener on it until it is collected.
    Reflect::set(&plain, &"signal".into(), &JsValue::NULL)?;
    let request = if is_request && !overridden { input.clone().unchecked_into() } else { Request::new(input, &plain)? };
    let of_init = if init.is_object() { given("signal") } else { JsValue::UNDEFINED };
    // Deno warns of every listener on the signal of a request it serves.
    let served_by_deno = init.is_object() && !given("remoteAddr").is_undefined();
    let signal = match wait::as_signal(of_init.clone()) {
        Some(signal) => Some(signal),
        None if of_init.is_null() || !is_request || served_by_deno => None,
        None => Reflect::get(input, &"signal".into()).ok().and_then(wait::as_signal),
    };
    let plain = if init.is_object() { bytes_of(&given("body")) } else { None };
    Ok(Incoming { request, plain, signal })
}

/// A body that needs no reading.
fn bytes_of(body: &JsValue) -> Option<Vec<u8>> {
    body.as_string().map(String::into_bytes).or_else(|| body.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
}

fn has_text(value: &JsValue, name: &str) -> bool {
    Reflect::get(value, &name.into()).is_ok_and(|value| value.is_string())
}

impl Incoming {
    /// Its path.
    pub fn path(&self) -> String {
        http::split_url(&self.request.url()).0
    }

    /// Reads it to the end, or until its body is larger than the service takes.
    pub async fn read(&self, max_body_bytes: u64) -> Result<http::Request, JsValue> {
        let (path, query) = http::split_url(&self.request.url());
        let pairs = Array::from(&self.request.headers().entries()?);
        let pair = |pair: JsValue| {
            let pair: Array = pair.unchecked_into();
            Some((pair.get(0).as_string()?.to_lowercase(), pair.get(1).as_string()?))
        };
        let mut request = http::Request {
            method: self.request.method(),
            path,
            query,
            headers: pairs.iter().filter_map(pair).collect(),
            body: Body::default(),
        };
        let announced = request.header("content-length").and_then(|length| length.parse::<u64>().ok());
        request.body = if announced.is_some_and(|length| length > max_body_bytes) {
            Body::TooLarge
        } else {
            self.read_body(max_body_bytes).await?
        };
        Ok(request)
    }

    async fn read_body(&self, max_body_bytes: u64) -> Result<Body, JsValue> {
        if self.request.body_used().is_truthy() {
            return Err(TypeError::new("the body of the request was read before").into());
        }
        let max = usize::try_from(max_body_bytes).unwrap_or(usize::MAX);
        if let Some(bytes) = &self.plain {
            return Ok(if bytes.len() > max { Body::TooLarge } else { Body::Bytes(bytes.clone()) });
        }
        let stream = self.request.body();
        if stream.is_null() {
            return Ok(Body::default());
        }
        if !stream.is_object() {
            // Firefox has no `Request.body`.
            let buffer = JsFuture::from(self.request.array_buffer()?).await?;
            let bytes = Uint8Array::new(&buffer).to_vec();
            return Ok(if bytes.len() > max { Body::TooLarge } else { Body::Bytes(bytes) });
        }
        let mut reading = Reading { reader: stream.unchecked_into::<Stream>().get_reader()?, ended: false };
        let mut bytes = Vec::new();
        while let Some(chunk) = reading.next().await? {
            if bytes.len().saturating_add(usize::try_from(chunk.length()).unwrap_or(usize::MAX)) > max {
                return Ok(Body::TooLarge);
            }
            bytes.append(&mut chunk.to_vec());
        }
        Ok(Body::Bytes(bytes))
    }
}

/// A stream being read; it is cancelled if this is dropped before its end, so that its source is not left waiting.
struct Reading {
    reader: Reader,
    ended: bool,
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        let read = JsFuture::from(self.reader.read()?).await;
        let chunk = read.inspect_err(|_| self.ended = true)?;
        self.ended = Reflect::get(&chunk, &"done".into())?.is_truthy();
        if self.ended {
            return Ok(None);
        }
        let value = Reflect::get(&chunk, &"value".into())?;
        let is_bytes = value.is_object() && Reflect::get(&value, &"byteLength".into())?.as_f64().is_some();
        if is_bytes { Ok(Some(Uint8Array::new(&value))) } else { Err(TypeError::new("a body is made of bytes").into()) }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        if !self.ended
            && let Ok(cancelled) = self.reader.cancel()
        {
            // Waited for only so that a failure to cancel is not reported as unhandled.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(cancelled).await;
            });
        }
    }
}

/// A body that gives these bytes and then breaks off.
fn broken(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let mut chunk = (!bytes.is_empty()).then(|| Uint8Array::from(bytes));
    let pull = Closure::<dyn FnMut(Controller) -> Result<JsValue, JsValue>>::new(move |controller: Controller| {
        // What is still in the queue when the error comes would be lost with it: it comes when the next is asked for.
        match chunk.take() {
            Some(chunk) => controller.enqueue(&chunk)?,
            None if is_bun() => return Ok(future_to_promise(break_off_later(controller)).into()),
            None => controller.error(&TypeError::new("terminated")),
        }
        Ok(JsValue::UNDEFINED)
    });
    let (source, strategy) = (Object::new(), Object::new());
    Reflect::set(&source, &"pull".into(), &pull.into_js_value())?;
    Reflect::set(&strategy, &"highWaterMark".into(), &0.into())?;
    ReadableStream::new_stream(&source, &strategy).map(JsValue::from)
}

/// Bun sends status and headers only if the body does not fail in the turn of the event loop in which it began.
async fn break_off_later(controller: Controller) -> Result<JsValue, JsValue> {
    wait::sleep(1.0).await?;
    controller.error(&TypeError::new("terminated"));
    Ok(JsValue::UNDEFINED)
}

fn is_bun() -> bool {
    Reflect::has(&js_sys::global(), &"Bun".into()).unwrap_or(false)
}

/// The platform's `Response`; a `cut` one has a body without an end.
pub fn outgoing(response: &http::Response, cut: bool) -> Result<JsValue, JsValue> {
    let headers: Array = response.headers.iter().map(|(name, value)| Array::of2(&name.into(), &value.into())).collect();
    let init = Object::new();
    Reflect::set(&init, &"status".into(), &response.status.into())?;
    Reflect::set(&init, &"headers".into(), &headers)?;
    // Statuses that have no body refuse one.
    let body = match response.body.as_slice() {
        bytes if cut => broken(bytes)?,
        bytes if response.is_bodiless() || bytes.is_empty() => JsValue::NULL,
        bytes => Uint8Array::from(bytes).into(),
    };
    Response::new_response(&body, &init).map(JsValue::from)
}
