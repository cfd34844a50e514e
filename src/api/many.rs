//! `ingestMany`: many events in one call of a method, each a request of its own.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::{v1, v3, v6};
use crate::batch::Batch;
use crate::client::{ClaivClient, run};
use crate::endpoint::Endpoint;
use crate::error::{self, Failure};
use crate::host::{Name, is_array};
use crate::options::BatchOptions;
use crate::rules::{FieldPath, Issues};

#[wasm_bindgen]
impl ClaivClient {
    /// Stores many events: `concurrency` at a time, the events of a thread one after the other in the order given, all slowed down
    /// while the server answers 429. Each is an `ingest` with its own retries and idempotency key.
    ///
    /// The events are copied at once, as the data that JSON carries: what is changed later changes nothing. They are checked and sent
    /// a few hundred at a time, between which the event loop has a turn.
    ///
    /// @param events - the events; what is wrong with one rejects that one only
    /// @returns a result for each event, in the order given, as `Promise.allSettled` has them. After an abort no further event is
    /// sent; those not sent reject with one ClaivAbortError.
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
        self.run_many(&v1::INGEST, Name::ThreadId, &events, &options)
    }

    /// As `ingestManyV1`, with events of V3: each is an `ingestV3`.
    #[wasm_bindgen(js_name = ingestManyV3, unchecked_return_type = "Promise<PromiseSettledResult<IngestResponse>[]>")]
    pub fn ingest_many_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly V3IngestRequest[]")] events: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "IngestManyOptions")] options: JsValue,
    ) -> Promise {
        self.run_many(&v3::INGEST, Name::ThreadId, &events, &options)
    }

    /// Stores many events of V6: `concurrency` at a time, the events of a conversation one after the other in the order given, all slowed
    /// down while the server answers 429. Each is an `ingestV6` with its own retries and idempotency key.
    ///
    /// @param events - the events; what is wrong with one rejects that one only
    /// @returns a result for each event, in the order given, as `Promise.allSettled` has them. After an abort no further event is
    /// sent; those not sent reject with ClaivAbortError.
    /// @throws ClaivValidationError when `events` is no array or an option is not usable
    #[wasm_bindgen(js_name = ingestManyV6, unchecked_return_type = "Promise<PromiseSettledResult<IngestResponse>[]>")]
    pub fn ingest_many_v6(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly V6IngestRequest[]")] events: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "IngestManyOptions")] options: JsValue,
    ) -> Promise {
        self.run_many(&v6::INGEST, Name::ConversationId, &events, &options)
    }
}

impl ClaivClient {
    /// Runs an ingest for each event. `thread` is the field that names an event's thread.
    fn run_many(&self, endpoint: &'static Endpoint, thread: Name, events: &JsValue, options: &JsValue) -> Promise {
        match self.prepare_many(endpoint, thread, events, options) {
            Ok(batch) => run(Box::pin(batch.run())),
            Err(failure) => Promise::reject(&failure.into_js_unsent()),
        }
    }

    /// Checks the options, and copies the events, so that what the caller changes afterwards changes nothing.
    fn prepare_many(
        &self,
        endpoint: &'static Endpoint,
        thread: Name,
        events: &JsValue,
        options: &JsValue,
    ) -> Result<Batch, Failure> {
        let call_depth = self.begin()?;
        let mut issues = Issues::default();
        let events = read_events(events, &mut issues);
        let options = BatchOptions::read(options, self.options.limits, &mut issues);
        if !issues.is_empty() {
            return Err(error::validation("No event was sent", issues));
        }
        Ok(Batch::new(&self.options, endpoint, options, call_depth, events, thread))
    }
}

#[wasm_bindgen(raw_module = "./snapshot.js")]
extern "C" {
    /// A new array of copies. Throws what the array throws when it is read.
    #[wasm_bindgen(catch, js_name = copyEvents)]
    fn copy_events(events: &JsValue) -> Result<Array, JsValue>;
}

/// The events as they are now.
fn read_events(events: &JsValue, issues: &mut Issues) -> Array {
    let path = FieldPath::text("events");
    if !is_array(events) {
        issues.add_expected(path, "an array", events);
        return Array::new();
    }
    copy_events(events).unwrap_or_else(|error| {
        issues.add_exception(path, "read", &error);
        Array::new()
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The options of `ingestMany`; the limits hold for each event by itself. */
export interface IngestManyOptions extends CallOptions {
  /** How many events are on their way at once: a whole number from 1 to 1000. Default: 4. */
  concurrency?: number | undefined;
  /** Called whenever an event has settled. It cannot change or delay anything. */
  onProgress?: ((progress: IngestManyProgress) => unknown) | undefined;
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
