//! The faults that are scripted. They are added with what reads them for `addFault`.

use super::answer::Answer;
use crate::errors::ApiError;
use crate::faults::{Answer as Replaced, Fault, Faults, Truncate};
use crate::validate::Fields;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct List<'a> {
    faults: Vec<Told<'a>>,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    id: u64,
    method: Option<&'a str>,
    path: Option<&'a str>,
    /// How many more requests it meets; null for all.
    times: Option<u64>,
    after: bool,
    /// Null for ever.
    delay_ms: Option<f64>,
    drop: bool,
    status: Option<u16>,
    retry_after_seconds: Option<f64>,
    truncate: bool,
    truncate_bytes: Option<usize>,
}

pub(super) fn list(faults: &Faults) -> Answer {
    Answer::of(&List { faults: faults.list().map(|(id, fault)| told(id, fault)).collect() })
}

fn told(id: u64, fault: &Fault) -> Told<'_> {
    let (status, retry_after_seconds) = match &fault.answer {
        Replaced::Other(other) => (Some(other.status), other.retry_after),
        Replaced::Own | Replaced::Drop => (None, None),
    };
    Told {
        id,
        method: fault.method.as_deref(),
        path: fault.path.as_deref(),
        times: fault.times,
        after: fault.after,
        delay_ms: Some(fault.delay_ms).filter(|delay| delay.is_finite()),
        drop: fault.cut || matches!(fault.answer, Replaced::Drop),
        status,
        retry_after_seconds,
        truncate: fault.truncate == Some(Truncate::Half),
        truncate_bytes: fault.truncate.and_then(|cut| if let Truncate::At(bytes) = cut { Some(bytes) } else { None }),
    }
}

/// Takes one back, or all of them.
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
