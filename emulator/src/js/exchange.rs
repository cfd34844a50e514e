//! Converts requests of the Fetch standard to those of the service, and its responses to those of the Fetch standard.

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

/// A request whose body was not read yet.
pub struct IncomingRequest {
    request: Request,
    /// The body, where `fetch` got it as text or bytes. It is not read from the `Request` then: the streams of hosts use `queueMicrotask`, which
    /// does nothing while a test has faked it.
    plain: Option<Vec<u8>>,
    /// The signal that aborts it.
    pub signal: Option<Signal>,
}

/// Reads the arguments of `fetch`, or those that a server passes to its handler. Deno passes the peer's address as the second argument, Bun the
/// server, and Workers pass three arguments; such a context is ignored.
pub fn read_arguments(input: &JsValue, init: JsValue, third: &JsValue) -> Result<IncomingRequest, JsValue> {
    let init = if init.is_object() && third.is_undefined() { init } else { JsValue::UNDEFINED };
    let given = |name: &str| Reflect::get(&init, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let is_request = input.is_object() && ["url", "method"].iter().all(|name| has_text(input, name));
    let plain = Object::new();
    let mut overridden = false;
    for name in ["method", "headers", "body", "duplex"] {
        let value = if init.is_object() { given(name) } else { JsValue::UNDEFINED };
        // A function, or a method that is not text, cannot belong to a RequestInit: it is a member of a server's context.
        let foreign = value.is_undefined() || value.is_function() || (name == "method" && value.as_string().is_none());
        if !foreign {
            Reflect::set(&plain, &name.into(), &value)?;
            overridden = true;
        }
    }
    // The signal is not passed on, as a Request keeps its listener on it until garbage collection. `wait` listens to it instead.
    Reflect::set(&plain, &"signal".into(), &JsValue::NULL)?;
    let request = if is_request && !overridden { input.clone().unchecked_into() } else { Request::new(input, &plain)? };
    let of_init = if init.is_object() { given("signal") } else { JsValue::UNDEFINED };
    // Deno prints a warning for every listener on the signal of a request that it serves.
    let served_by_deno = init.is_object() && !given("remoteAddr").is_undefined();
    let signal = match wait::as_signal(of_init.clone()) {
        Some(signal) => Some(signal),
        None if of_init.is_null() || !is_request || served_by_deno => None,
        None => Reflect::get(input, &"signal".into()).ok().and_then(wait::as_signal),
    };
    let plain = if init.is_object() { bytes_of(&given("body")) } else { None };
    Ok(IncomingRequest { request, plain, signal })
}

/// The bytes of a body that was given as text or bytes.
fn bytes_of(body: &JsValue) -> Option<Vec<u8>> {
    body.as_string().map(String::into_bytes).or_else(|| body.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
}

/// Whether a property is a string.
fn has_text(value: &JsValue, name: &str) -> bool {
    Reflect::get(value, &name.into()).is_ok_and(|value| value.is_string())
}

impl IncomingRequest {
    /// The path, still percent-encoded.
    pub fn path(&self) -> String {
        http::split_url(&self.request.url()).0
    }

    /// Reads the whole request. Stops where the body is larger than the limit.
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

    /// Reads the body.
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
        let mut body = BodyReader { reader: stream.unchecked_into::<Stream>().get_reader()?, ended: false };
        let mut bytes = Vec::new();
        while let Some(chunk) = body.next().await? {
            if bytes.len().saturating_add(usize::try_from(chunk.length()).unwrap_or(usize::MAX)) > max {
                return Ok(Body::TooLarge);
            }
            bytes.append(&mut chunk.to_vec());
        }
        Ok(Body::Bytes(bytes))
    }
}

/// Reads the stream of a body, and cancels it when dropped before its end, so that its source stops.
struct BodyReader {
    reader: Reader,
    ended: bool,
}

impl BodyReader {
    /// The next chunk; `None` at the end.
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

impl Drop for BodyReader {
    fn drop(&mut self) {
        if !self.ended
            && let Ok(cancelled) = self.reader.cancel()
        {
            // Awaited only so that a rejection is not reported as unhandled.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = JsFuture::from(cancelled).await;
            });
        }
    }
}

/// A `ReadableStream` that yields these bytes and then fails, as a lost connection does.
fn stream_that_fails(bytes: &[u8]) -> Result<JsValue, JsValue> {
    let mut chunk = (!bytes.is_empty()).then(|| Uint8Array::from(bytes));
    let pull = Closure::<dyn FnMut(Controller) -> Result<JsValue, JsValue>>::new(move |controller: Controller| {
        // An error discards chunks that are still queued, so it is raised only when the next chunk is pulled.
        match chunk.take() {
            Some(chunk) => controller.enqueue(&chunk)?,
            None if is_bun() => return Ok(future_to_promise(fail_later(controller)).into()),
            None => controller.error(&TypeError::new("terminated")),
        }
        Ok(JsValue::UNDEFINED)
    });
    let (source, strategy) = (Object::new(), Object::new());
    Reflect::set(&source, &"pull".into(), &pull.into_js_value())?;
    Reflect::set(&strategy, &"highWaterMark".into(), &0.into())?;
    ReadableStream::new_stream(&source, &strategy).map(JsValue::from)
}

/// Bun sends status and headers only where the body does not fail in the same turn of the event loop.
async fn fail_later(controller: Controller) -> Result<JsValue, JsValue> {
    wait::sleep(1.0).await?;
    controller.error(&TypeError::new("terminated"));
    Ok(JsValue::UNDEFINED)
}

fn is_bun() -> bool {
    Reflect::has(&js_sys::global(), &"Bun".into()).unwrap_or(false)
}

/// Makes a `Response` of the host. With `drop_in_body` its body fails after its last byte.
pub fn to_js_response(response: &http::Response, drop_in_body: bool) -> Result<JsValue, JsValue> {
    let headers: Array = response.headers.iter().map(|(name, value)| Array::of2(&name.into(), &value.into())).collect();
    let init = Object::new();
    Reflect::set(&init, &"status".into(), &response.status.into())?;
    Reflect::set(&init, &"headers".into(), &headers)?;
    // `new Response` throws where a status that allows no body has one.
    let body = match response.body.as_slice() {
        bytes if drop_in_body => stream_that_fails(bytes)?,
        bytes if response.is_bodiless() || bytes.is_empty() => JsValue::NULL,
        bytes => Uint8Array::from(bytes).into(),
    };
    Response::new_response(&body, &init).map(JsValue::from)
}
