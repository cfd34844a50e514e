//! What the class and its `fetch` share: the service, its clock, and how a request goes through them.

use super::clock::Clock;
use super::exchange::{self, Incoming};
use super::fault;
use super::wait::{self, Abort};
use crate::errors::ApiError;
use crate::http::{Body, Request, Response};
use crate::inspect;
use crate::service::Service;
use js_sys::{Array, Date, Error, JSON, Math, Promise, Reflect, TypeError, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// What the class and its `fetch` share.
pub(super) struct Shared {
    service: RefCell<Service>,
    /// The clock.
    pub clock: Clock,
    seeded: Cell<bool>,
}

impl Shared {
    /// A service and its clock.
    pub fn new(service: Service, clock: Clock) -> Self {
        Shared { service: RefCell::new(service), clock, seeded: Cell::new(false) }
    }

    /// Does something with the service.
    pub fn with<T>(&self, act: impl FnOnce(&mut Service) -> T) -> Result<T, JsValue> {
        let mut service = self.service.try_borrow_mut().map_err(|_| Error::new("the emulator is busy"))?;
        Ok(act(&mut service))
    }

    /// Answers a request as `fetch` does.
    pub fn fetch(self: &Rc<Self>, input: &JsValue, init: JsValue, third: &JsValue) -> Result<Promise, JsValue> {
        let incoming = exchange::incoming(input, init, third)?;
        let abort = incoming.signal.clone().map(Abort::listen).transpose()?;
        let shared = Rc::clone(self);
        Ok(future_to_promise(async move { wait::unless_aborted(abort, shared.handle(&incoming)).await }))
    }

    async fn handle(&self, incoming: &Incoming) -> Result<JsValue, JsValue> {
        let began = Date::now();
        let (max_body_bytes, latency_ms) =
            self.with(|service| (service.settings().max_body_bytes, service.settings().latency_ms))?;
        let is_inspectors = inspect::is_for(&incoming.path());
        let request = incoming.read(if is_inspectors { inspect::MAX_BODY_BYTES } else { max_body_bytes }).await?;
        self.seed()?;
        let now = self.clock.now()?;
        if is_inspectors {
            return exchange::outgoing(&self.inspect(&request, now)?, false);
        }
        let arrival = self.with(|service| service.arrive(&request, now))?;
        let (before, after) = arrival.waits(latency_ms);
        wait::sleep(before).await?;
        let own = if arrival.takes_effect() { Some(self.act(&arrival, &request, began, after)?) } else { None };
        wait::sleep(after).await?;
        let response = arrival.response(own);
        let took = Date::now() - began;
        self.with(|service| service.end(&arrival, response.as_ref(), took))?;
        match response {
            Some(response) => exchange::outgoing(&response, arrival.is_cut()),
            None => Err(TypeError::new("fetch failed").into()),
        }
    }

    /// Answers a request of the inspector.
    fn inspect(&self, request: &Request, now: i64) -> Result<Response, JsValue> {
        if (request.method.as_str(), request.path.as_str()) == ("POST", "/_claiv/api/faults") {
            if let Err(error) =
                self.with(|service| inspect::admit(service, request))?.and_then(|()| self.add_faults(request))
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

    /// Adds the faults of a body, as `addFault` takes them. JSON has no Infinity: as a text it means the same.
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
                let endless = Reflect::get(&fault, &name.into()).is_ok_and(|value| value == "Infinity");
                if endless {
                    Reflect::set(&fault, &name.into(), &f64::INFINITY.into()).map_err(refuse)?;
                }
            }
        }
        let faults = fault::read(list.into()).map_err(refuse)?;
        let added = self.with(|service| faults.into_iter().for_each(|fault| service.faults.add(fault)));
        added.map_err(refuse)
    }

    fn act(
        &self,
        arrival: &crate::service::Arrival,
        request: &Request,
        began: f64,
        after: f64,
    ) -> Result<Response, JsValue> {
        let now = self.clock.now()?;
        let (response, measure) = self.with(|service| service.act(arrival, request, now))?;
        let took = Date::now() - began + if after.is_finite() { after } else { 0.0 };
        let latency_ms = crate::json::whole(took.round()).and_then(|took| u64::try_from(took).ok()).unwrap_or(0);
        self.with(|service| service.count(measure, latency_ms))?;
        Ok(response)
    }

    /// Seeds the identifiers, at the first use: Workers allow no randomness at start-up.
    fn seed(&self) -> Result<(), JsValue> {
        if self.seeded.replace(true) {
            return Ok(());
        }
        let seed = random();
        self.with(|service| service.store.ids = crate::ids::Ids::new(seed))
    }
}

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
    // Node 18 has no global `crypto`. These identifiers need to differ, not to be secret.
    Math::random().to_bits() ^ Math::random().to_bits().rotate_left(32)
}
