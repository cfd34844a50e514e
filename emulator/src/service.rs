//! The service: what arrives, what is done about it, and how it ends. Waiting is left to the platform.

use crate::faults::{Fault, Faults};
use crate::http::{Request, Response};
use crate::ids::Ids;
use crate::log::Log;
use crate::options::Settings;
use crate::router::{self, Measure};
use crate::store::Store;

/// The service.
#[derive(Debug)]
pub struct Service {
    /// What it remembers.
    pub store: Store,
    /// The faults still to come.
    pub faults: Faults,
    /// The requests that came in.
    pub log: Log,
    settings: Settings,
}

/// A request under way.
#[derive(Debug)]
pub struct Arrival {
    /// Its identifier.
    pub request_id: String,
    /// The fault it meets.
    pub fault: Option<Fault>,
    number: u64,
}

impl Arrival {
    /// How long to wait before the service acts, and before it answers, in milliseconds.
    pub fn waits(&self, latency_ms: f64) -> (f64, f64) {
        match &self.fault {
            Some(fault) if fault.after => (latency_ms, fault.delay_ms),
            Some(fault) => (latency_ms + fault.delay_ms, 0.0),
            None => (latency_ms, 0.0),
        }
    }

    /// Whether the service acts on it at all.
    pub fn takes_effect(&self) -> bool {
        self.fault.as_ref().is_none_or(Fault::takes_effect)
    }

    /// Whether the connection is gone before the response has ended.
    pub fn is_cut(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.cut)
    }

    /// The response that is sent; nothing if the connection is gone.
    pub fn response(&self, own: Option<Response>) -> Option<Response> {
        match &self.fault {
            Some(fault) => fault.alter(own, &self.request_id),
            None => own,
        }
    }
}

impl Service {
    /// An empty service.
    pub fn new(settings: Settings) -> Self {
        let store = Store::new(Ids::new(0), settings.journal);
        Service { store, faults: Faults::default(), log: Log::new(settings.log_limit), settings }
    }

    /// How it is set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A request has come in whole.
    pub fn arrive(&mut self, request: &Request, now: i64) -> Arrival {
        let request_id = self.store.ids.next("req");
        let fault = self.faults.meet(request);
        let number = self.log.start(request, &request_id, now, fault.is_some());
        Arrival { request_id, fault, number }
    }

    /// Does what a request asks for.
    pub fn act(&mut self, arrival: &Arrival, request: &Request, now: i64) -> (Response, Option<Measure>) {
        self.store.purge(now);
        router::answer(request, &mut self.store, &self.settings, &arrival.request_id, now)
    }

    /// Counts what was done.
    pub fn count(&mut self, measure: Option<Measure>, latency_ms: u64) {
        if let Some(measure) = measure {
            measure.count(&mut self.store, latency_ms);
        }
    }

    /// The request has ended: with a response, or without an answer.
    pub fn end(&mut self, arrival: &Arrival, response: Option<&Response>, duration_ms: f64) {
        self.log.end(arrival.number, response, duration_ms);
    }

    /// Back to the beginning: no events, receipts, counters, faults or records.
    pub fn reset(&mut self) {
        self.store.reset();
        self.faults.clear();
        self.log.clear();
    }
}
