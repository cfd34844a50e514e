//! The service: the life of a request from its arrival to its response. The caller waits between the steps where a response is delayed.

use crate::faults::{Fault, Faults};
use crate::http::{Request, Response};
use crate::ids::Ids;
use crate::log::Log;
use crate::options::Settings;
use crate::router::{self, UsageRecord};
use crate::store::Store;

/// An in-memory Claiv service.
#[derive(Debug)]
pub struct Service {
    /// Everything it remembers.
    pub store: Store,
    /// The scripted faults.
    pub faults: Faults,
    /// The request log.
    pub log: Log,
    settings: Settings,
}

/// A request that is being answered.
#[derive(Debug)]
pub struct PendingRequest {
    /// Its request id.
    pub request_id: String,
    /// The fault that applies to it.
    pub fault: Option<Fault>,
    /// Its number in the log.
    log_number: u64,
}

impl PendingRequest {
    /// How long to wait before the request is executed, and after that before it is answered, in milliseconds.
    pub fn delays(&self, latency_ms: f64) -> (f64, f64) {
        match &self.fault {
            Some(fault) if fault.after => (latency_ms, fault.delay_ms),
            Some(fault) => (latency_ms + fault.delay_ms, 0.0),
            None => (latency_ms, 0.0),
        }
    }

    /// Whether it is executed at all.
    pub fn takes_effect(&self) -> bool {
        self.fault.as_ref().is_none_or(Fault::takes_effect)
    }

    /// Whether the connection is lost while the body of the response is sent.
    pub fn is_dropped_in_body(&self) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.drop_in_body)
    }

    /// The response after the fault, if one applies; `None` where the connection is lost. `own` is that of the service, `None` where the
    /// request was not executed.
    pub fn response(&self, own: Option<Response>) -> Option<Response> {
        match &self.fault {
            Some(fault) => fault.apply(own, &self.request_id),
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

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Starts with a request that was received completely: gives it an id, picks a fault and logs it.
    pub fn begin(&mut self, request: &Request, now: i64) -> PendingRequest {
        let request_id = self.store.ids.next("req");
        let fault = self.faults.take_matching(request);
        let log_number = self.log.start(request, &request_id, now, fault.is_some());
        PendingRequest { request_id, fault, log_number }
    }

    /// Executes a request. Returns its response, and its usage for [`count`](Service::count).
    pub fn execute(
        &mut self,
        pending: &PendingRequest,
        request: &Request,
        now: i64,
    ) -> (Response, Option<UsageRecord>) {
        self.store.purge(now);
        router::answer(request, &mut self.store, &self.settings, &pending.request_id, now)
    }

    /// Counts the usage of a request.
    pub fn count(&mut self, measure: Option<UsageRecord>, latency_ms: u64) {
        if let Some(measure) = measure {
            measure.count(&mut self.store, latency_ms);
        }
    }

    /// Logs how a request ended; `None` where the connection was dropped.
    pub fn end(&mut self, pending: &PendingRequest, response: Option<&Response>, duration_ms: f64) {
        self.log.end(pending.log_number, response, duration_ms);
    }

    /// Removes everything: events, documents, receipts, counters, faults and the log.
    pub fn reset(&mut self) {
        self.store.reset();
        self.faults.clear();
        self.log.clear();
    }
}
