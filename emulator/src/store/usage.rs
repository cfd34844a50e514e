//! Usage counters by day and endpoint.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Usage counters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counters {
    /// Requests, failed ones included.
    pub requests: u64,
    /// Requests to an endpoint that stores something.
    pub ingest_requests: u64,
    /// Requests to an endpoint that recalls something.
    pub recall_requests: u64,
    /// Requests to an endpoint that deletes something.
    pub forget_requests: u64,
    /// Events stored.
    pub ingest_events: u64,
    /// Tokens stored or recalled.
    pub tokens: u64,
    /// Work units: one for each event or document stored, recall, deletion or change of a collection.
    pub work_units: u64,
    /// Responses with a status of 400 or more.
    pub errors: u64,
    /// Requests refused because of the quota, which do not use it up.
    pub rejected: u64,
    /// Bytes of request bodies.
    pub request_bytes: u64,
    /// Bytes of response bodies.
    pub response_bytes: u64,
    /// The durations of all requests together, in milliseconds.
    pub latency_ms: u64,
}

impl Counters {
    /// Adds other counters.
    pub fn add(&mut self, other: &Counters) {
        let pairs = [
            (&mut self.requests, other.requests),
            (&mut self.ingest_requests, other.ingest_requests),
            (&mut self.recall_requests, other.recall_requests),
            (&mut self.forget_requests, other.forget_requests),
            (&mut self.ingest_events, other.ingest_events),
            (&mut self.tokens, other.tokens),
            (&mut self.work_units, other.work_units),
            (&mut self.errors, other.errors),
            (&mut self.rejected, other.rejected),
            (&mut self.request_bytes, other.request_bytes),
            (&mut self.response_bytes, other.response_bytes),
            (&mut self.latency_ms, other.latency_ms),
        ];
        for (sum, more) in pairs {
            *sum = sum.saturating_add(more);
        }
    }
}

/// The usage counters of all days and endpoints. Days are counted from 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    days: BTreeMap<i64, BTreeMap<String, Counters>>,
}

impl Usage {
    /// Adds to the counters of an endpoint on a day.
    pub fn add(&mut self, day: i64, endpoint: &str, counters: &Counters) {
        self.days.entry(day).or_default().entry(endpoint.to_string()).or_default().add(counters);
    }

    /// Sets the counters of an endpoint on a day.
    pub fn set(&mut self, day: i64, endpoint: &str, counters: Counters) {
        self.days.entry(day).or_default().insert(endpoint.to_string(), counters);
    }

    /// The counters of an endpoint on a day.
    pub fn of(&self, day: i64, endpoint: &str) -> Option<&Counters> {
        self.days.get(&day)?.get(endpoint)
    }

    /// The sums of the days from `from` to `to`, both included.
    pub fn total(&self, from: i64, to: i64) -> Counters {
        let mut total = Counters::default();
        for (_, _, counters) in self.entries(from, to) {
            total.add(counters);
        }
        total
    }

    /// The sums of the days from `from` to `to`, both included, for each endpoint.
    pub fn by_endpoint(&self, from: i64, to: i64) -> BTreeMap<&str, Counters> {
        let mut sums: BTreeMap<&str, Counters> = BTreeMap::new();
        for (_, endpoint, counters) in self.entries(from, to) {
            sums.entry(endpoint).or_default().add(counters);
        }
        sums
    }

    /// The counters of the days from `from` to `to`, both included, as day, endpoint and counters.
    pub fn entries(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, &str, &Counters)> {
        let days = if from <= to { Some(self.days.range(from..=to)) } else { None };
        days.into_iter().flatten().flat_map(|(day, endpoints)| {
            endpoints.iter().map(|(endpoint, counters)| (*day, endpoint.as_str(), counters))
        })
    }
}

/// The counters of an endpoint on a day, as they are saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The day.
    #[serde(with = "crate::time::iso_day")]
    pub day: i64,
    /// The endpoint.
    pub endpoint: String,
    /// Its counters.
    pub counters: Counters,
}
