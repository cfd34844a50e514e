//! `ingestMany`: many events in one call of ours, each an `ingest` of its own on the wire.

use wasm_bindgen::prelude::*;

use super::v1::INGEST;
use crate::batch::Batch;
use crate::client::ClaivClient;
use crate::error::{self, Error};
use crate::options::{CallOptions, MANY, Values};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::signal::has_fired;
use crate::platform::value::{Kept, List, Scope, Val};
use crate::platform::wait::Deferred;
use crate::request::Request;
use crate::rules::{At, Faults};

/// How many ingests run at once when nothing is said.
const LANES: f64 = 4.0;

#[wasm_bindgen]
impl ClaivClient {
    /// Stores many events: `concurrency` at a time, the events of a thread one after the other in the order given, all slowed down
    /// while the server answers 429. Each is an `ingest` with its own retries and idempotency key.
    ///
    /// @param events - the events; what is wrong with one rejects that one only
    /// @returns a result for each event, in the order given, as `Promise.allSettled` has them. After an abort no further event is
    /// sent; those not sent reject with ClaivAbortError.
    /// @throws ClaivValidationError when `events` is no array or an option is not usable
    /// @example
    /// const results = await claiv.ingestMany(events, { concurrency: 8 });
    /// const failed = events.filter((_, i) => results[i].status === "rejected");
    #[wasm_bindgen(js_name = ingestMany, unchecked_return_type = "Promise<PromiseSettledResult<IngestResponse>[]>")]
    pub fn ingest_many(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly IngestRequest[]")] events: Val,
        #[wasm_bindgen(unchecked_optional_param_type = "IngestManyOptions")] options: Val,
    ) -> Val {
        let deferred = Deferred::new();
        let promise = deferred.promise();
        let faults = Faults::default();
        match self.read_many(events, options, &faults) {
            Ok((list, options, values)) => self.run_many(list, options, &values, deferred),
            Err(error) => deferred.settle(Err(error.of_nothing_sent())),
        }
        promise
    }
}

impl ClaivClient {
    /// Checks what holds for all events.
    fn read_many(&self, events: Val, options: Val, faults: &Faults) -> Result<(List, CallOptions, Values), Error> {
        self.check_open()?;
        let mut list = List::default();
        if host::is_array(events) {
            match host::array_from(events) {
                Ok(copy) => list = copy,
                Err(error) => faults.threw(At::name(Name::Events), "read", error),
            }
        } else {
            faults.not(At::name(Name::Events), "an array", events);
        }
        let (options, values) = CallOptions::read(options, self.config.limits, MANY, faults);
        if !faults.is_empty() {
            return Err(error::validation("No event was sent", faults));
        }
        Ok((list, options, values))
    }

    /// Checks and encodes all events, so that what the caller changes afterwards changes nothing, and begins.
    fn run_many(&self, list: List, options: CallOptions, values: &Values, deferred: Deferred) {
        let lanes = values[7].as_f64().unwrap_or(LANES) as usize;
        let batch = Batch::new(self.config.clone(), lanes, Kept::new(values[8]), deferred.last(), options);
        let requests = list.iter().map(|event| {
            let scope = Scope::new(event);
            let request = scope.run(|event| {
                Request::new(&self.config, &INGEST, [Val::UNDEFINED; 2], event, batch.options(), &Faults::default())
                    .map_err(Error::of_nothing_sent)
            });
            (scope, request)
        });
        batch.line_up(list, requests);
        // Calls see for themselves that a signal has fired before they begin.
        let signal = if has_fired(options.signal) { Val::UNDEFINED } else { options.signal };
        if let Err(error) = batch.begin(signal) {
            let error = Error::plain(Say::new("The signal could not be listened to.")).with(Name::Cause, error);
            batch.fail(error.of_nothing_sent());
        }
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The options of `ingestMany`; the limits hold for each event by itself. */
export interface IngestManyOptions extends CallOptions {
  /** How many events are on their way at once: a whole number from 1 to 1000. Default: 4. */
  concurrency?: number;
  /** Told whenever an event has settled. It cannot change or delay anything. */
  onProgress?: (progress: IngestManyProgress) => unknown;
}

/** How far `ingestMany` has come. */
export interface IngestManyProgress {
  /** How many have settled. */
  done: number;
  total: number;
  fulfilled: number;
  rejected: number;
  /** Which of the events settled just now. */
  index: number;
}
"#;
