//! `POST /v6/recall`: the answer, made of the facts that `request` selects.

use super::facts::{self, Fact};
use super::request::RecallRequest;
use crate::api::explain;
use crate::api::{Call, Reply};
use crate::errors::ApiError;
use crate::hash::fingerprint;
use crate::index::{Kind, Source};
use crate::search::{self, Query};
use crate::store::{Recall, Stored, User};
use crate::text;
use crate::time;
use serde_json::{Value, json};

/// How many messages `conversation_history` has at most.
const HISTORY: usize = 10;

pub(super) fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let request = RecallRequest::read(&mut fields);
    fields.check()?;
    let recall_id = call.store.ids.next("rcl");
    call.store.build_index(&request.user_id);
    let sources = request.sources(call);
    let corpora = sources.corpora();
    let hits = sources.matching(&corpora, &request.query);
    let matching = hits.len();
    let kept = request.explain.then(|| hits.clone());
    let selected = request.select(&sources, &corpora, hits);
    let explanation = kept.map(|hits| super::explain::explanation(&request, &sources, &hits, &selected));
    let history = history(sources.user.as_ref().map(|(user, _)| *user), &request.conversation_id);
    let (at, anchor) = anchor(&request, &history, call.now);
    let context = facts::render(&selected, request.list_items);
    let named: Vec<(String, String)> =
        selected.iter().flatten().map(|fact| (fact.id(), fact.origin.id().to_string())).collect();
    let mut kinds: Vec<&str> = selected.iter().flatten().map(|fact| fact.origin.kind()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut predicates: Vec<&str> = selected.iter().flatten().map(|fact| fact.origin.predicate()).collect();
    predicates.sort_unstable();
    predicates.dedup();
    let shapes = |facts: &[Fact]| facts.iter().map(|fact| fact.shape(at)).collect::<Vec<Value>>();
    let [answers, supporting, background] = &selected;
    let mut body = json!({
        "answer_facts": shapes(answers),
        "supporting_facts": shapes(supporting),
        "background_context": shapes(background),
        "llm_context": {
            "reference_time": time::format(at),
            "anchor_source": anchor,
            "conversation_history": history.iter().map(|stored| turn(stored)).collect::<Vec<_>>(),
            "fact_ids": named.iter().map(|(fact_id, _)| fact_id).collect::<Vec<_>>(),
            "text": context,
        },
        "working_memory": null,
        "pending_plan": null,
        "routing": {
            "mode": request.mode.as_deref().unwrap_or("semantic"),
            "kinds": kinds,
            "predicates": predicates,
            "temporal_intent": null,
        },
    });
    if let (true, Some(body)) = (request.debug, body.as_object_mut()) {
        let scores: Vec<Value> = selected
            .iter()
            .flatten()
            .map(|fact| json!({ "fact_id": fact.id(), "event_id": fact.origin.id(), "score": fact.score }))
            .collect();
        let passages = search::all(&corpora, &Query::new(""));
        let candidates = passages.iter().filter(|hit| sources.fact(&corpora, hit).is_some()).count();
        let debug = json!({ "recall_id": recall_id, "candidates": candidates, "matching": matching, "scores": scores });
        body.insert("debug".into(), debug);
    }
    explain::insert(&mut body, explanation.as_ref());
    let tokens = text::tokens(&context);
    call.record_recall(Recall { recall_id, user_id: request.user_id, facts: named, used: Vec::new() });
    Ok(Reply { body, tokens, work_units: 1, ..Reply::default() })
}

/// The latest messages of the conversation, the oldest first.
fn history<'a>(user: Option<&'a User>, conversation_id: &str) -> Vec<&'a Stored> {
    let thread = fingerprint(conversation_id.as_bytes());
    let is_message = |source: &Source| source.attributes.kind == Kind::Message && source.attributes.thread == thread;
    let places = user.map(|user| user.index().mask(is_message)).unwrap_or_default();
    let mut turns: Vec<&Stored> =
        (0_u32..).zip(places).filter(|(_, is_message)| *is_message).filter_map(|(place, _)| user?.at(place)).collect();
    let time = |stored: &&Stored| (stored.event.event_time, stored.seq);
    let earlier = turns.len().saturating_sub(HISTORY);
    if earlier > 0 {
        turns.select_nth_unstable_by_key(earlier, time);
        turns.drain(..earlier);
    }
    turns.sort_by_key(time);
    turns
}

/// A message of `conversation_history`.
fn turn(stored: &Stored) -> Value {
    let event = &stored.event;
    json!({ "role": event.role, "content": event.content, "event_time": time::format(event.event_time) })
}

/// `reference_time`, to which relative dates in the answer refer, and `anchor_source`, which tells where it is from.
fn anchor(request: &RecallRequest, history: &[&Stored], now: i64) -> (i64, &'static str) {
    match (request.reference_time, history.last()) {
        (Some(at), _) => (at, "request"),
        (None, Some(stored)) => (stored.event.event_time, "conversation_event"),
        (None, None) => (now, "server_now"),
    }
}
