//! The endpoints, one file a family: its route, the rules of its request and what it does stand together.
//!
//! A new endpoint is one more entry in its family's list; a new family is one more line in [`endpoints`].

mod call;
mod collections;
mod context;
mod documents;
mod explain;
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

pub use call::{Call, Endpoint, Reply};

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
