//! How the use of an endpoint is counted.

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
