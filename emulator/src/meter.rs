//! Which usage counters a request to an endpoint increases.

/// How requests to an endpoint are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meter {
    /// Not at all: health, and reading the usage.
    None,
    /// As a request.
    Request,
    /// As a request that stores something.
    Ingest,
    /// As a request that recalls something.
    Recall,
    /// As a request that deletes something.
    Forget,
}
