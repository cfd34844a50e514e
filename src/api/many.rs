//! `ingestMany`: many events in one call of ours, each an `ingest` of its own on the wire.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::v1::INGEST;
use crate::batch::{Batch, Item, Pacer, thread_of};
use crate::client::ClaivClient;
use crate::error::{self, Error};
use crate::hooks::callback;
use crate::options::{CallOptions, option};
use crate::platform::abort::AbortWatch;
use crate::platform::host;
use crate::platform::task;
use crate::rules::{Faults, Kind, Span, check_value};

/// How many ingests run at once when nothing is said.
const LANES: f64 = 4.0;
/// More than any server will take from one client.
const MOST_LANES: f64 = 1000.0;

/// The options that only this method has.
const OPTIONS: &[&str] = &["concurrency", "onProgress"];

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
        #[wasm_bindgen(unchecked_param_type = "readonly IngestRequest[]")] events: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "IngestManyOptions")] options: JsValue,
    ) -> Promise {
        match self.line_up(&events, &options) {
            Ok(batch) => task::promise(Box::pin(batch.run())),
            Err(error) => Promise::reject(&error.of_nothing_sent().into_js()),
        }
    }
}

impl ClaivClient {
    /// Checks and encodes all events, so that what the caller changes afterwards changes nothing.
    fn line_up(&self, events: &JsValue, options: &JsValue) -> Result<Batch, Error> {
        self.check_open()?;
        let mut faults = Faults::default();
        let list = if matches!(host::is_array(events), Ok(true)) {
            host::array_from(events).unwrap_or_else(|error| {
                faults.threw("events", "read", &error);
                Array::new()
            })
        } else {
            faults.wrong("events", "an array", events);
            Array::new()
        };
        let read = CallOptions::read(options, self.limits(), OPTIONS, &mut faults);
        let (mut lanes, mut progress) = (LANES, None);
        if let Some(source) = host::as_fields(options) {
            if let Some(value) = option(source, "options.", "concurrency", &mut faults) {
                let kind = Kind::Integer(&Span { least: 1.0, most: MOST_LANES, said: "a whole number from 1 to 1000" });
                check_value("options.concurrency", kind, &value, &mut faults);
                lanes = value.as_f64().unwrap_or(LANES);
            }
            progress = callback(source, "options.", "onProgress", &mut faults);
        }
        if !faults.0.is_empty() {
            return Err(error::validation("No event was sent", &faults));
        }

        let watch = match read.signal.filter(|signal| !signal.has_fired()).map(AbortWatch::new) {
            None => None,
            Some(Ok(watch)) => Some(Rc::new(watch)),
            Some(Err(error)) => {
                return Err(Error::new("ClaivError", "The signal could not be listened to.").with("cause", error));
            }
        };
        let pacer = Rc::new(Pacer::default());
        let mut items = Vec::new();
        for event in list.iter() {
            let call = self.prepare(&INGEST, &[], &event, options, OPTIONS).map(|mut request| {
                request.pacer = Some(pacer.clone());
                request.watch = watch.clone();
                self.start(request)
            });
            let call = call.map_err(|error| error.of_nothing_sent().into_js());
            items.push(Item { call, thread: thread_of(&event) });
        }
        Ok(Batch::new(items, lanes as usize, pacer, watch, progress))
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
