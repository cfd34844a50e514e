//! The types that all endpoints share: an endpoint, a request to it, and its answer.

use crate::errors::ApiError;
use crate::meter::Meter;
use crate::options::Settings;
use crate::store::{Recall, Store};
use crate::validate::Fields;
use serde_json::Value;

/// An endpoint: a route and its handler.
#[derive(Debug)]
pub struct Endpoint {
    /// The HTTP method.
    pub method: &'static str,
    /// The path; a segment in braces, such as `{document_id}`, is a parameter.
    pub path: &'static str,
    /// How requests to it are counted.
    pub meter: Meter,
    /// Whether it is answered without an API key.
    pub open: bool,
    /// The handler.
    pub run: fn(&mut Call) -> Result<Reply, ApiError>,
}

/// A request to an endpoint, as its handler gets it.
#[derive(Debug)]
pub struct Call<'a> {
    /// The store to read and change.
    pub store: &'a mut Store,
    /// The settings of the service.
    pub settings: &'a Settings,
    /// The time on the emulator's clock, in milliseconds since 1970.
    pub now: i64,
    /// The decoded parameters of the path, in their order.
    pub params: Vec<String>,
    /// The decoded parameters of the query.
    pub query: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: &'a [u8],
    /// Whether the request must leave no trace in the store: the inspector previews recalls this way.
    pub is_dry_run: bool,
}

impl Call<'_> {
    /// Parses the body; fails with 400 where it is no JSON object.
    pub fn body_fields(&self) -> Result<Fields, ApiError> {
        Fields::of_body(self.body)
    }

    /// Remembers a recall so that feedback can refer to it, unless this is a dry run.
    pub fn record_recall(&mut self, recall: Recall) {
        if !self.is_dry_run {
            self.store.add_recall(recall);
        }
    }

    /// Takes the fields of the query.
    pub fn query_fields(&mut self) -> Fields {
        Fields::of_query(std::mem::take(&mut self.query))
    }
}

/// The page of a list that a query asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// How many items it has at most, 1 to 100.
    pub limit: i64,
    /// How many items come before it.
    pub offset: i64,
}

impl Page {
    /// The largest `limit`.
    const MAX_LIMIT: i64 = 100;

    /// Reads `limit` and `offset`; `usual` is the limit where the query has none.
    pub fn read(fields: &mut Fields, usual: i64) -> Page {
        let limit = fields.integer("limit", 1, Page::MAX_LIMIT).unwrap_or(usual);
        Page { limit, offset: fields.integer("offset", 0, i64::MAX).unwrap_or(0) }
    }

    /// The items of this page.
    pub fn of<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        items.skip(size(self.offset)).take(size(self.limit))
    }
}

/// A successful answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The body as a JSON value.
    pub body: Value,
    /// The body as JSON text, instead of `body`, where a value would take too much memory.
    pub text: Option<String>,
    /// How many events were stored.
    pub ingest_events: u64,
    /// How many tokens were stored or recalled.
    pub tokens: u64,
    /// How many work units are counted.
    pub work_units: u64,
}

impl Reply {
    /// An answer that counts no events, tokens or work units.
    pub fn of(body: Value) -> Self {
        Reply { body, ..Reply::default() }
    }
}
