//! The endpoints, one file a family: its route, the rules of its request and what it does stand together.
//!
//! A new endpoint is one more entry in its family's list; a new family is one more line in [`endpoints`].

mod collections;
mod documents;
mod feedback;
mod forget;
mod health;
mod ingest;
mod recall;
mod receipts;
mod usage;
mod v2;
mod v3;
mod v6;

use crate::errors::ApiError;
use crate::options::Settings;
use crate::store::Store;
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

/// What the use of an endpoint counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meter {
    /// Nothing: looking at the usage is no usage.
    None,
    /// A request.
    Request,
    /// A request that stores.
    Ingest,
    /// A request that recalls.
    Recall,
    /// A request that deletes.
    Forget,
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
}

impl Call<'_> {
    /// The fields of the body.
    pub fn body_fields(&self) -> Result<Fields, ApiError> {
        Fields::of_body(self.body)
    }

    /// The fields of the query.
    pub fn query_fields(&mut self) -> Fields {
        Fields::of_query(std::mem::take(&mut self.query))
    }
}

/// A page of a list, as the query asks for it.
#[derive(Clone, Copy, Debug)]
struct Page {
    limit: i64,
    offset: i64,
}

impl Page {
    /// The longest page there is.
    const LONGEST: i64 = 100;

    fn read(fields: &mut Fields, usual: i64) -> Page {
        let limit = fields.integer("limit", 1, Page::LONGEST).unwrap_or(usual);
        Page { limit, offset: fields.integer("offset", 0, i64::MAX).unwrap_or(0) }
    }

    /// The items of this page.
    fn of<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        items.skip(size(self.offset)).take(size(self.limit))
    }
}

/// A successful answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The body.
    pub body: Value,
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

/// Every endpoint.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    [
        health::ENDPOINTS,
        ingest::ENDPOINTS,
        recall::ENDPOINTS,
        forget::ENDPOINTS,
        receipts::ENDPOINTS,
        usage::ENDPOINTS,
        v2::ENDPOINTS,
        v3::ENDPOINTS,
        v6::ENDPOINTS,
        documents::ENDPOINTS,
        collections::ENDPOINTS,
        feedback::ENDPOINTS,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests;
