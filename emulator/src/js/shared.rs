//! The service and its clock, which the class and its `fetch` share, and the steps of answering a request.

use super::clock::Clock;
use super::exchange::{self, IncomingRequest};
use super::fault;
use super::wait::{self, AbortListener};
use crate::errors::ApiError;
use crate::http::{Body, Request, Response};
use crate::inspect;
use crate::service::Service;
use js_sys::{Array, Date, Error, JSON, Math, Promise, Reflect, TypeError, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The service and its clock.
pub(super) struct Shared {
    service: RefCell<Service>,
    /// The clock.
    pub clock: Clock,
    /// Whether the generator of ids was seeded.
    seeded: Cell<bool>,
}

impl Shared {
    /// Combines a service with a clock.
    pub fn new(service: Service, clock: Clock) -> Self {
        Shared { service: RefCell::new(service), clock, seeded: Cell::new(false) }
    }

    /// Borrows the service for a function, which must not call JavaScript code.
    pub fn with<T>(&self, act: impl FnOnce(&mut Service) -> T) -> Result<T, JsValue> {
        let mut service = self.service.try_borrow_mut().map_err(|_| Error::new("the emulator is busy"))?;
        Ok(act(&mut service))
    }

    /// Answers a request as `fetch` does; `third` is a third argument, which Workers pass to a handler.
    pub fn fetch(self: &Rc<Self>, input: &JsValue, init: JsValue, third: &JsValue) -> Result<Promise, JsValue> {
        let incoming = exchange::read_arguments(input, init, third)?;
        let abort = incoming.signal.clone().map(AbortListener::listen).transpose()?;
        let shared = Rc::clone(self);
        Ok(future_to_promise(async move { wait::unless_aborted(abort, shared.handle(&incoming)).await }))
    }

    /// Answers a request, with the delays and faults that apply.
    async fn handle(&self, incoming: &IncomingRequest) -> Result<JsValue, JsValue> {
        let began = Date::now();
        let (max_body_bytes, latency_ms) =
            self.with(|service| (service.settings().max_body_bytes, service.settings().latency_ms))?;
        let is_inspector = inspect::is_inspector_path(&incoming.path());
        let request = incoming.read(if is_inspector { inspect::MAX_BODY_BYTES } else { max_body_bytes }).await?;
        self.seed()?;
        let now = self.clock.now()?;
        if is_inspector {
            return exchange::to_js_response(&self.inspect(&request, now)?, false);
        }
        let pending = self.with(|service| service.begin(&request, now))?;
        let (before, after) = pending.delays(latency_ms);
        wait::sleep(before).await?;
        let own = if pending.takes_effect() { Some(self.execute(&pending, &request, began, after)?) } else { None };
        wait::sleep(after).await?;
        let response = pending.response(own);
        let took = Date::now() - began;
        self.with(|service| service.end(&pending, response.as_ref(), took))?;
        match response {
            Some(response) => exchange::to_js_response(&response, pending.is_dropped_in_body()),
            None => Err(TypeError::new("fetch failed").into()),
        }
    }

    /// Answers a request to the inspector's API.
    fn inspect(&self, request: &Request, now: i64) -> Result<Response, JsValue> {
        if (request.method.as_str(), request.path.as_str()) == ("POST", "/_claiv/api/faults") {
            if let Err(error) =
                self.with(|service| inspect::authenticate(service, request))?.and_then(|()| self.add_faults(request))
            {
                return Ok(inspect::refusal(&error));
            }
            let list = Request { method: "GET".into(), ..request.clone() };
            return Ok(self.with(|service| inspect::respond(service, &list, now))?.response);
        }
        let outcome = self.with(|service| inspect::respond(service, request, now))?;
        match outcome.clock {
            Some(inspect::Clock::Advance(ms)) => self.clock.advance(ms),
            #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 are exact in a double")]
            Some(inspect::Clock::Set(at)) => self.clock.set(at as f64),
            Some(inspect::Clock::Reset) => self.clock.reset(),
            None => {}
        }
        Ok(outcome.response)
    }

    /// Adds the faults of a body in the shape of `addFault`. `"Infinity"` is accepted for `Infinity`, which JSON cannot express.
    fn add_faults(&self, request: &Request) -> Result<(), ApiError> {
        let Body::Bytes(body) = &request.body else { return Err(ApiError::unreadable("is too large")) };
        let refuse = |error: JsValue| {
            let message = error.dyn_ref::<Error>().and_then(|error| error.message().as_string());
            ApiError::new(400, "invalid_request", message.unwrap_or_else(|| "The fault cannot be read.".into()))
        };
        let given = JSON::parse(&String::from_utf8_lossy(body)).map_err(refuse)?;
        let list = if Array::is_array(&given) { given.unchecked_into() } else { Array::of1(&given) };
        for fault in list.iter().filter(JsValue::is_object) {
            for name in ["times", "delayMs"] {
                let is_infinite = Reflect::get(&fault, &name.into()).is_ok_and(|value| value == "Infinity");
                if is_infinite {
                    Reflect::set(&fault, &name.into(), &f64::INFINITY.into()).map_err(refuse)?;
                }
            }
        }
        let faults = fault::read(list.into()).map_err(refuse)?;
        let added = self.with(|service| faults.into_iter().for_each(|fault| service.faults.add(fault)));
        added.map_err(refuse)
    }

    /// Executes a request and counts its usage. `began` is when it arrived, `after` how long its response will be delayed.
    fn execute(
        &self,
        pending: &crate::service::PendingRequest,
        request: &Request,
        began: f64,
        after: f64,
    ) -> Result<Response, JsValue> {
        let now = self.clock.now()?;
        let (response, measure) = self.with(|service| service.execute(pending, request, now))?;
        let took = Date::now() - began + if after.is_finite() { after } else { 0.0 };
        let latency_ms = crate::json::whole(took.round()).and_then(|took| u64::try_from(took).ok()).unwrap_or(0);
        self.with(|service| service.count(measure, latency_ms))?;
        Ok(response)
    }

    /// Seeds the generator of ids at the first request: Cloudflare Workers allow no randomness before.
    fn seed(&self) -> Result<(), JsValue> {
        if self.seeded.replace(true) {
            return Ok(());
        }
        let seed = random();
        self.with(|service| service.store.ids = crate::ids::Ids::new(seed))
    }
}

/// A random number of 64 bits.
fn random() -> u64 {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let crypto = get(&js_sys::global(), "crypto");
    let bytes = Uint8Array::new_with_length(8);
    let filled = crypto.is_object()
        && get(&crypto, "getRandomValues")
            .dyn_into::<js_sys::Function>()
            .is_ok_and(|fill| fill.call1(&crypto, &bytes).is_ok());
    if filled {
        return bytes.to_vec().iter().fold(0, |seed, byte| (seed << 8) | u64::from(*byte));
    }
    // Some hosts have no global `crypto`. Ids must differ from each other; they need not be secret.
    Math::random().to_bits() ^ Math::random().to_bits().rotate_left(32)
}
