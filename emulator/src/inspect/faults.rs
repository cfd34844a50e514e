//! Lists and removes scripted faults. Adding them is in `js`, which reads them as it does for `addFault`.

use super::answer::Answer;
use crate::errors::ApiError;
use crate::faults::{Fault, Faults, ResponseFault, Truncate};
use crate::validate::Fields;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct List<'a> {
    faults: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: u64,
    method: Option<&'a str>,
    path: Option<&'a str>,
    /// How many more requests it applies to; null for all.
    times: Option<u64>,
    after: bool,
    /// In milliseconds; null for a request that is never answered.
    delay_ms: Option<f64>,
    drop: bool,
    status: Option<u16>,
    retry_after_seconds: Option<f64>,
    truncate: bool,
    truncate_bytes: Option<usize>,
}

/// `GET faults`.
pub(super) fn list(faults: &Faults) -> Answer {
    Answer::of(&List { faults: faults.list().map(|(id, fault)| row(id, fault)).collect() })
}

fn row(id: u64, fault: &Fault) -> Row<'_> {
    let (status, retry_after_seconds) = match &fault.response {
        ResponseFault::Replace(other) => (Some(other.status), other.retry_after),
        ResponseFault::None | ResponseFault::Drop => (None, None),
    };
    Row {
        id,
        method: fault.method.as_deref(),
        path: fault.path.as_deref(),
        times: fault.times,
        after: fault.after,
        delay_ms: Some(fault.delay_ms).filter(|delay| delay.is_finite()),
        drop: fault.drop_in_body || matches!(fault.response, ResponseFault::Drop),
        status,
        retry_after_seconds,
        truncate: fault.truncate == Some(Truncate::Half),
        truncate_bytes: fault.truncate.and_then(|cut| if let Truncate::At(bytes) = cut { Some(bytes) } else { None }),
    }
}

/// `DELETE faults`: removes the fault with the given id, or all of them.
pub(super) fn remove(faults: &mut Faults, mut fields: Fields) -> Result<Answer, ApiError> {
    let id = fields.integer("id", 0, i64::MAX).and_then(|id| u64::try_from(id).ok());
    fields.check()?;
    match id {
        None => faults.clear(),
        Some(id) if faults.remove(id) => {}
        Some(_) => return Err(ApiError::not_found("There is no such fault any more.")),
    }
    Ok(list(faults))
}
