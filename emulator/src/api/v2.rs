//! `POST /v2/recall` and `POST /v2/forget`
//!
//! The service behind V2 derives assertions with a language model; here every block is an episode, and what V2.1 asks for
//! (mode, since, relations, status) is answered from the time, the metadata and the words of the events.

use super::call::{Call, Endpoint, Reply};
use super::explain::Reason;
use super::forget;
use super::recall::{self, Ask, Order};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::search::{self, Block, Hit, Part, Task as Sought};
use crate::store::{Event, Stored, Task, User};
use crate::text;
use crate::time::DAY_MS;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v2/recall", meter: Meter::Recall, open: false, run: recall },
    Endpoint { method: "POST", path: "/v2/forget", meter: Meter::Forget, open: false, run: forget },
];

const MODES: &[&str] = &["state", "delta", "tasks", "audit", "compose", "conversation"];
const STATUSES: &[&str] = &["open", "completed", "all"];
/// How far back `delta` looks where `since` does not say.
const RECENT_MS: i64 = DAY_MS.saturating_mul(7);
/// Words by which something to be done is known where the metadata has no `status`.
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
/// Words by which something done is known.
const DONE_SIGNS: &[&str] = &["[x]", "done", "completed", "finished", "resolved", "closed"];

fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let mut ask = Ask::read(&mut fields);
    let mode = fields.word("mode", MODES).unwrap_or_else(|| "state".into());
    let since = fields.time("since");
    let relations = fields.texts("relations").unwrap_or_default();
    let status = fields.word("status", STATUSES);
    fields.check()?;
    ask.from = since.or_else(|| (mode == "delta").then(|| call.now.saturating_sub(RECENT_MS)));
    let of_tasks = mode == "tasks";
    let status = status.unwrap_or_else(|| if of_tasks { "open" } else { "all" }.into());
    call.store.make_index(&ask.user_id);
    let user = call.store.user(&ask.user_id);
    let (mut blocks, explanation) = match user {
        Some(user) => {
            let mut part = ask.part(user);
            let with_status = of_tasks || status != "all";
            if with_status || !relations.is_empty() {
                let related = related(user, &relations);
                let has_status = |stored: &Stored| {
                    let task = stored.task.get_or_init(|| task_of(&stored.event));
                    task.is_some_and(|task| status == "all" || (task == Task::Open) == (status == "open"))
                };
                let wanted = |stored: &Stored| ask.sees(&stored.event) && (!with_status || has_status(stored));
                let mut seen = user.where_each(wanted);
                seen.iter_mut().zip(related).for_each(|(seen, related)| *seen = *seen && related);
                part.seen = Some(seen);
            }
            let seen = part.seen.clone().filter(|_| ask.explain);
            ask.fill_explained(user, arrange(&ask, &mode, part), |place, event| {
                let seen = seen.as_ref().zip(usize::try_from(place).ok()).and_then(|(seen, place)| seen.get(place));
                let other = (Reason::Scope, "it has another status or none of the relations");
                ask.hides(event).or_else(|| seen.is_some_and(|seen| !seen).then_some(other))
            })
        }
        None => Default::default(),
    };
    if mode == "conversation" {
        // The latest turns that fit, told in the order in which they were spoken.
        blocks.reverse();
    }
    Ok(recall::pack(user, &(blocks, explanation), shape))
}

fn arrange(ask: &Ask, mode: &str, part: Part) -> (Vec<Hit>, Order) {
    let order: Order = match mode {
        "state" | "compose" => return ask.relevant(part),
        "tasks" => Order::Best,
        "audit" => Order::Oldest,
        _ => Order::Newest,
    };
    (search::all(&[part], &Sought::new(&ask.task)), order)
}

fn shape(block: &Block, event: &Event) -> Value {
    json!({
        "type": "episode",
        "content": block.content,
        "source_ids": [event.event_id],
        "evidence": [{ "event_id": event.event_id, "quote": recall::quote(block.content) }],
        "score": block.hit.score,
    })
}

/// For each event whether it is about one of the relations: its metadata names it, or its content has all of its words.
fn related(user: &User, relations: &[String]) -> Vec<bool> {
    let named = |event: &Event, relation: &String| {
        let metadata = event.metadata.as_ref();
        let of = |name: &str| metadata.and_then(|metadata| metadata.get(name));
        let listed =
            of("relations").and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == relation));
        listed || of("relation").is_some_and(|one| one == relation)
    };
    let mut related = user
        .where_each(|stored| relations.is_empty() || relations.iter().any(|relation| named(&stored.event, relation)));
    for relation in relations {
        let words = text::terms(&relation.replace(['_', '-'], " "));
        for place in user.index().having_all(&words) {
            if let Some(related) = usize::try_from(place).ok().and_then(|place| related.get_mut(place)) {
                *related = true;
            }
        }
    }
    related
}

/// Whether an event is something to do that is open or completed, or nothing to do at all.
fn task_of(event: &Event) -> Option<Task> {
    let stated = event.metadata.as_ref().and_then(|metadata| metadata.get("status")).and_then(Value::as_str);
    if let Some(stated) = stated {
        let done = ["completed", "complete", "done", "closed", "resolved"].contains(&stated.to_lowercase().as_str());
        return Some(if done { Task::Completed } else { Task::Open });
    }
    let content = event.content.to_lowercase();
    let shows = |signs: &[&str]| signs.iter().any(|sign| has_words(&content, sign));
    if shows(DONE_SIGNS) { Some(Task::Completed) } else { shows(TASK_SIGNS).then_some(Task::Open) }
}

/// Whether a text has these words, not merely their letters within others.
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
