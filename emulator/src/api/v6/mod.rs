//! `POST /v6/ingest`, `POST /v6/recall` and `POST /v6/forget`.
//!
//! The `conversation_id` of V6 is the `thread_id` of earlier versions. Requests of V5 are sent to the paths of V6 with a `thread_id`, so both
//! names are accepted.

mod explain;
mod facts;
mod recall;
mod request;

use super::call::{Call, Endpoint, Reply};
use super::{forget, ingest};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::{CONVERSATION, Event, PROJECT, Scope};
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v6/ingest", meter: Meter::Ingest, open: false, run: ingest },
    Endpoint { method: "POST", path: "/v6/recall", meter: Meter::Recall, open: false, run: recall::recall },
    Endpoint { method: "POST", path: "/v6/forget", meter: Meter::Forget, open: false, run: forget },
];

/// The values of `scope`.
const SCOPES: &[&str] = &["global", PROJECT, CONVERSATION];

fn ingest(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let event = Event {
        thread_id: Some(request::conversation(&mut fields)),
        project_id: fields.text("project_id"),
        scope: fields.one_of("scope", SCOPES).filter(|scope| scope != "global"),
        document_id: fields.text("document_id"),
        document_name: fields.text("document_name"),
        event_time: fields.instant("event_time").unwrap_or(call.now),
        ..ingest::read(&mut fields, call.now)
    };
    if event.scope.as_deref() == Some(PROJECT) && event.project_id.is_none() {
        fields.add_issue("project_id", "is required where scope is project");
    }
    fields.check()?;
    Ok(ingest::store(call, event))
}

fn forget(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    fields.reject_unknown(&[
        "user_id",
        "conversation_id",
        "thread_id",
        "project_id",
        "document_id",
        "from_time",
        "to_time",
    ]);
    let thread_id = fields.text("thread_id");
    let scope = Scope {
        user_id: fields.required_text("user_id"),
        // The published clients differ in whether it is required. Without it, events of all conversations are deleted.
        conversation_id: fields.text("conversation_id").or(thread_id),
        project_id: fields.text("project_id"),
        document_id: fields.text("document_id"),
        ..Scope::default()
    };
    let scope = forget::with_times(&mut fields, scope);
    fields.check()?;
    let receipt = forget::delete_scope(call, scope)?;
    let body = json!({ "receipt_id": receipt.receipt_id, "deleted_counts": forget::counts(&receipt.deleted) });
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
