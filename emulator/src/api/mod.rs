//! The endpoints of the service. Each file holds one family: routes, validation of requests, and handlers.
//!
//! To add an endpoint, add it to the `ENDPOINTS` of its family; to add a family, add it to [`endpoints`].

mod call;
mod collections;
mod context;
mod documents;
mod explain;
mod feedback;
mod forget;
mod health;
mod ingest;
mod reason;
mod recall;
mod recall_request;
mod receipts;
mod usage;
mod v2;
mod v3;
mod v6;

pub use call::{Call, Endpoint, Reply};

/// All endpoints, in no particular order.
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
