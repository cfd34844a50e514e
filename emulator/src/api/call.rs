//! What every family of endpoints is made of: an endpoint, a request to it, and its answer.

use crate::errors::ApiError;
use crate::meter::Meter;
use crate::options::Settings;
use crate::store::{Recall, Store};
use crate::validate::Fields;
use serde_json::Value;

/// One endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// The method it answers.
    pub method: &'static str,
    /// Its path; a segment in braces stands for any text.
    pub path: &'static str,
    /// How its use is counted.
    pub meter: Meter,
    /// Whether it is answered without a key.
    pub open: bool,
    /// What it does.
    pub run: fn(&mut Call) -> Result<Reply, ApiError>,
}

/// A request to an endpoint.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is remembered.
    pub store: &'a mut Store,
    /// How the service is set up.
    pub settings: &'a Settings,
    /// The time on the service's clock.
    pub now: i64,
    /// The texts the braces of the path stand for, in their order.
    pub params: Vec<String>,
    /// The query.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: &'a [u8],
    /// Whether nothing is to be remembered of it: it is asked to look at what would be answered.
    pub is_trial: bool,
}

impl Call<'_> {
    /// The fields of the body.
    pub fn body_fields(&self) -> Result<Fields, ApiError> {
        Fields::of_body(self.body)
    }

    /// Takes note of a recall, so that feedback can speak of it.
    pub fn note(&mut self, recall: Recall) {
        if !self.is_trial {
            self.store.add_recall(recall);
        }
    }

    /// The fields of the query.
    pub fn query_fields(&mut self) -> Fields {
        Fields::of_query(std::mem::take(&mut self.query))
    }
}

/// A page of a list, as the query asks for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub limit: i64,
    pub offset: i64,
}

impl Page {
    /// The longest page there is.
    const LONGEST: i64 = 100;

    pub fn read(fields: &mut Fields, usual: i64) -> Page {
        let limit = fields.integer("limit", 1, Page::LONGEST).unwrap_or(usual);
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
    /// The body.
    pub body: Value,
    /// The body as text in its place, where it is too large to be made of values.
    pub text: Option<String>,
    /// Events stored.
    pub ingest_events: u64,
    /// Tokens stored or recalled.
    pub tokens: u64,
    /// Units of work.
    pub work_units: u64,
}

impl Reply {
    /// An answer that took no work worth counting.
    pub fn of(body: Value) -> Self {
        Reply { body, ..Reply::default() }
    }
}
