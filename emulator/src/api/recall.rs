//! `POST /v1/recall`, and the answer that the recalls of V1, V2 and V3 have in common.

use super::call::{Call, Endpoint, Reply};
use super::context;
use super::explain::{self, Explanation};
use super::recall_request::RecallRequest;
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::search::Block;
use crate::store::{Event, User};
use crate::text;
use crate::time;
use crate::validate::Fields;
use serde_json::{Value, json};
use std::collections::HashSet;

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/recall", meter: Meter::Recall, open: false, run: recall }];

/// How many bytes of a block its evidence quotes.
const QUOTE_BYTES: usize = 160;

/// The beginning of a text, as it is quoted in `evidence`.
pub(super) fn quote(content: &str) -> &str {
    content.get(..content.floor_char_boundary(QUOTE_BYTES)).unwrap_or_default()
}

/// The answer to a recall. `write` makes the JSON of a block, which differs between versions.
pub(super) fn answer(
    user: Option<&User>,
    (blocks, explanation): &(Vec<Block>, Option<Explanation>),
    write: impl Fn(&Block, &Event) -> Value,
) -> Reply {
    let event = |block: &Block| user.and_then(|user| user.at(block.hit.source)).map(|stored| &stored.event);
    let pieces = blocks.iter().filter_map(|block| Some((event(block)?, block.content)));
    let system_context = context::render(pieces);
    let mut cited = HashSet::new();
    let ids = blocks.iter().filter_map(|block| Some(event(block)?.event_id.as_str()));
    let citations: Vec<&str> = ids.filter(|event_id| cited.insert(*event_id)).collect();
    let tokens = text::tokens(&system_context);
    let mut body = json!({
        "system_context": system_context,
        "memory_blocks": blocks.iter().filter_map(|block| Some(write(block, event(block)?))).collect::<Vec<_>>(),
        "citations": citations,
        "token_estimate": tokens,
    });
    explain::insert(&mut body, explanation.as_ref());
    Reply { body, tokens, work_units: 1, ..Reply::default() }
}

fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let mut request = RecallRequest::read(&mut fields);
    if let Some(scope) = fields.object("scope") {
        request.from = scope_time(&mut fields, &scope, "from_time");
        request.to = scope_time(&mut fields, &scope, "to_time");
    }
    fields.check()?;
    call.store.build_index(&request.user_id);
    let user = call.store.user(&request.user_id);
    let why_hidden = |_: u32, event: &Event| request.why_hidden(event);
    let found =
        user.map(|user| explain::fill_explained(&request, user, request.find(request.corpus(user)), why_hidden));
    Ok(answer(user, &found.unwrap_or_default(), |block, event| {
        let kind = if block.whole { "episode" } else { "chunk" };
        json!({ "type": kind, "content": block.content, "source_ids": [event.event_id], "score": block.hit.score })
    }))
}

/// Reads a time of `scope`; other members of `scope` are ignored.
fn scope_time(fields: &mut Fields, scope: &serde_json::Map<String, Value>, name: &str) -> Option<i64> {
    let value = scope.get(name).filter(|value| !value.is_null())?;
    let at = value.as_str().and_then(time::parse);
    if at.is_none() {
        fields.add_issue(&format!("scope.{name}"), "must be an ISO 8601 date or time");
    }
    at
}
