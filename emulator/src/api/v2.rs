//! `POST /v2/recall` and `POST /v2/forget`.
//!
//! The real service derives assertions with a language model. Here every block is an episode, and the fields `mode`, `since`, `relations`
//! and `status` of V2.1 select events by their time, metadata and words.

use super::call::{Call, Endpoint, Reply};
use super::reason::Reason;
use super::recall_request::RecallRequest;
use super::{explain, forget, recall};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::search::{self, Block, Corpus, Hit, Order, Query};
use crate::store::{Event, Stored, TodoState, User};
use crate::text;
use crate::time::DAY_MS;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v2/recall", meter: Meter::Recall, open: false, run: recall },
    Endpoint { method: "POST", path: "/v2/forget", meter: Meter::Forget, open: false, run: forget },
];

const MODES: &[&str] = &["state", "delta", "tasks", "audit", "compose", "conversation"];
const STATUSES: &[&str] = &["open", "completed", "all"];
/// How far back the mode `delta` looks where there is no `since`, in milliseconds.
const RECENT_MS: i64 = DAY_MS.saturating_mul(7);
/// Words that mark an event as something to do, where its metadata has no `status`.
const TASK_SIGNS: &[&str] = &[
    "todo",
    "to do",
    "to-do",
    "need to",
    "needs to",
    "have to",
    "must",
    "should",
    "remind",
    "deadline",
    "due",
    "follow up",
    "[ ]",
    "[x]",
];
/// Words that mark an event as something that is done.
const DONE_SIGNS: &[&str] = &["[x]", "done", "completed", "finished", "resolved", "closed"];

fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let mut request = RecallRequest::read(&mut fields);
    let mode = fields.one_of("mode", MODES).unwrap_or_else(|| "state".into());
    let since = fields.time("since");
    let relations = fields.texts("relations").unwrap_or_default();
    let status = fields.one_of("status", STATUSES);
    fields.check()?;
    request.from = since.or_else(|| (mode == "delta").then(|| call.now.saturating_sub(RECENT_MS)));
    let is_tasks = mode == "tasks";
    let status = status.unwrap_or_else(|| if is_tasks { "open" } else { "all" }.into());
    call.store.build_index(&request.user_id);
    let user = call.store.user(&request.user_id);
    let (mut blocks, explanation) = match user {
        Some(user) => {
            let mut corpus = request.corpus(user);
            let with_status = is_tasks || status != "all";
            if with_status || !relations.is_empty() {
                let related = related(user, &relations);
                let has_status = |stored: &Stored| {
                    let task = stored.todo_state.get_or_init(|| todo_state_of(&stored.event));
                    task.is_some_and(|task| status == "all" || (task == TodoState::Open) == (status == "open"))
                };
                let wanted = |stored: &Stored| request.allows(&stored.event) && (!with_status || has_status(stored));
                let mut visible = user.mask(wanted);
                visible.iter_mut().zip(related).for_each(|(visible, related)| *visible = *visible && related);
                corpus.visible = Some(visible);
            }
            let searched = corpus.clone();
            explain::fill_explained(&request, user, arrange(&request, &mode, corpus), |place, event| {
                let other = (Reason::Scope, "it has another status or none of the relations");
                request.why_hidden(event).or_else(|| (!searched.is_visible(place)).then_some(other))
            })
        }
        None => Default::default(),
    };
    if mode == "conversation" {
        // The latest messages that fit, in the order in which they were sent.
        blocks.reverse();
    }
    Ok(recall::answer(user, &(blocks, explanation), shape))
}

/// The hits of a mode, and the order in which they are returned.
fn arrange(request: &RecallRequest, mode: &str, corpus: Corpus) -> (Vec<Hit>, Order) {
    let order: Order = match mode {
        "state" | "compose" => return request.find(corpus),
        "tasks" => Order::Best,
        "audit" => Order::Oldest,
        _ => Order::Newest,
    };
    (search::all(&[corpus], &Query::new(&request.task)), order)
}

/// A block as it is answered.
fn shape(block: &Block, event: &Event) -> Value {
    json!({
        "type": "episode",
        "content": block.content,
        "source_ids": [event.event_id],
        "evidence": [{ "event_id": event.event_id, "quote": recall::quote(block.content) }],
        "score": block.hit.score,
    })
}

/// By place of each event whether it is about one of the relations: its metadata names the relation, or its content has all words of it.
/// True for all events where there are no relations.
fn related(user: &User, relations: &[String]) -> Vec<bool> {
    let named = |event: &Event, relation: &String| {
        let metadata = event.metadata.as_ref();
        let of = |name: &str| metadata.and_then(|metadata| metadata.get(name));
        let listed =
            of("relations").and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == relation));
        listed || of("relation").is_some_and(|one| one == relation)
    };
    let mut related =
        user.mask(|stored| relations.is_empty() || relations.iter().any(|relation| named(&stored.event, relation)));
    for relation in relations {
        let words = text::terms(&relation.replace(['_', '-'], " "));
        for place in user.index().texts_with_all(&words) {
            if let Some(related) = usize::try_from(place).ok().and_then(|place| related.get_mut(place)) {
                *related = true;
            }
        }
    }
    related
}

/// Whether an event is an open or a completed task; `None` where it is no task. The `status` of its metadata decides, else its words.
fn todo_state_of(event: &Event) -> Option<TodoState> {
    let stated = event.metadata.as_ref().and_then(|metadata| metadata.get("status")).and_then(Value::as_str);
    if let Some(stated) = stated {
        let done = ["completed", "complete", "done", "closed", "resolved"].contains(&stated.to_lowercase().as_str());
        return Some(if done { TodoState::Completed } else { TodoState::Open });
    }
    let content = event.content.to_lowercase();
    let shows = |signs: &[&str]| signs.iter().any(|sign| has_words(&content, sign));
    if shows(DONE_SIGNS) { Some(TodoState::Completed) } else { shows(TASK_SIGNS).then_some(TodoState::Open) }
}

/// Whether a text contains these words, not only as a part of longer words.
fn has_words(text: &str, words: &str) -> bool {
    let edge = |char: Option<char>| char.is_none_or(|char| !char.is_alphanumeric());
    text.match_indices(words).any(|(at, found)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at.saturating_add(found.len())..).and_then(|after| after.chars().next());
        edge(before) && edge(after)
    })
}

fn forget(call: &mut Call) -> Result<Reply, ApiError> {
    let receipt = forget::delete(call)?;
    let deleted = receipt.deleted;
    let counts = json!({
        "events": deleted.events,
        "assertions": 0,
        "episodes": deleted.episodes,
        "entities": 0,
        "conflicts": 0,
        "extraction_failures": 0,
    });
    let mut body = json!({ "receipt_id": receipt.receipt_id, "deleted_counts": counts });
    if deleted.events == 0
        && let Some(map) = body.as_object_mut()
    {
        map.insert("warnings".into(), json!(["Nothing was stored within this scope."]));
    }
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
