//! `POST /v6/ingest`, `POST /v6/recall` and `POST /v6/forget`
//!
//! A conversation of V6 is a thread of the versions before. The requests of V5, which are sent to the same paths, still call it
//! `thread_id`; both names are taken.

mod explain;
mod facts;
mod recall;

use super::call::{Call, Endpoint, Reply};
use super::{forget, ingest};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::{CONVERSATION, Event, PROJECT, Scope};
use crate::validate::Fields;
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v6/ingest", meter: Meter::Ingest, open: false, run: ingest },
    Endpoint { method: "POST", path: "/v6/recall", meter: Meter::Recall, open: false, run: recall::recall },
    Endpoint { method: "POST", path: "/v6/forget", meter: Meter::Forget, open: false, run: forget },
];

const SCOPES: &[&str] = &["global", PROJECT, CONVERSATION];

/// The conversation, which must be there.
fn conversation(fields: &mut Fields) -> String {
    let thread_id = fields.text("thread_id");
    match thread_id {
        Some(thread_id) => fields.text("conversation_id").unwrap_or(thread_id),
        None => fields.required_text("conversation_id"),
    }
}

fn ingest(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let event = Event {
        thread_id: Some(conversation(&mut fields)),
        project_id: fields.text("project_id"),
        scope: fields.word("scope", SCOPES).filter(|scope| scope != "global"),
        document_id: fields.text("document_id"),
        document_name: fields.text("document_name"),
        event_time: fields.instant("event_time").unwrap_or(call.now),
        ..ingest::read(&mut fields, call.now)
    };
    if event.scope.as_deref() == Some(PROJECT) && event.project_id.is_none() {
        fields.fault("project_id", "is required where scope is project");
    }
    fields.check()?;
    Ok(ingest::store(call, event))
}

fn forget(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    fields.only(&["user_id", "conversation_id", "thread_id", "project_id", "document_id", "from_time", "to_time"]);
    let thread_id = fields.text("thread_id");
    let scope = Scope {
        user_id: fields.required_text("user_id"),
        // The published clients differ in whether it is required: without one, the deletion reaches all conversations.
        conversation_id: fields.text("conversation_id").or(thread_id),
        project_id: fields.text("project_id"),
        document_id: fields.text("document_id"),
        ..Scope::default()
    };
    let scope = forget::within(&mut fields, scope);
    fields.check()?;
    let receipt = forget::delete_scope(call, scope)?;
    let body = json!({ "receipt_id": receipt.receipt_id, "deleted_counts": forget::counts(&receipt.deleted) });
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
