//! `explain: true` in V6: the list and the score of each fact, and why other events are in no list.

use super::facts::{Fact, Origin, Sources};
use super::request::{RecallRequest, Selected};
use crate::api::explain::{Explanation, Item, LeftOut, best_of};
use crate::api::reason::{Reason, Why, why_out_of_scope};
use crate::search::{Hit, Query};
use crate::store::{Event, User};
use crate::text;
use std::collections::HashSet;

/// The names of the lists, in the order of [`Selected`].
const LISTS: [&str; 3] = ["answer_facts", "supporting_facts", "background_context"];

/// Explains the facts that were selected, and the events of the user that were not.
pub(super) fn explanation<'a>(
    request: &RecallRequest,
    sources: &Sources<'a>,
    hits: &[Hit],
    selected: &Selected<'a>,
) -> Explanation<'a> {
    let task = Query::new(&request.query);
    let blocks = LISTS.into_iter().zip(selected).flat_map(|(list, facts)| facts.iter().map(move |fact| (list, fact)));
    let items = blocks.map(|(list, fact)| item(list, fact, &task)).collect();
    let left_out = sources.user.as_ref().map(|(user, corpus)| {
        let is_visible = |place: u32| corpus.is_visible(place);
        left_out(request, user, is_visible, hits, selected, &task)
    });
    let matching = hits.iter().map(|hit| (hit.corpus, hit.source)).collect::<HashSet<_>>().len();
    Explanation::of_facts(&request.query, matching, items, left_out.unwrap_or_default())
}

/// A fact in the explanation.
fn item<'a>(list: &'static str, fact: &Fact<'a>, task: &Query) -> Item<'a> {
    let item = match fact.origin {
        Origin::Event(event) => Item::new(event, fact.text, task),
        Origin::Section(document, section) => Item {
            event_id: &section.node_id,
            reason: None,
            detail: None,
            list: None,
            score: 0.0,
            tokens: text::tokens(fact.text),
            words: text::matching_words(fact.text, task.terms()),
            asks: false,
            whole: fact.text.len() == section.of(&document.content).len(),
            role: &document.document_name,
            thread_id: None,
            project_id: Some(&document.project_id),
            event_time: document.uploaded_at,
            content: fact.text,
        },
    };
    Item { list: Some(list), score: fact.score, ..item }
}

/// The events of the user that are in no list.
fn left_out<'a>(
    request: &RecallRequest,
    user: &'a User,
    is_visible: impl Fn(u32) -> bool,
    hits: &[Hit],
    selected: &Selected<'a>,
    task: &Query,
) -> LeftOut<'a> {
    let of_events: Vec<Hit> = hits.iter().filter(|hit| hit.corpus == 0).copied().collect();
    let best = best_of(&of_events);
    let included: HashSet<&str> = selected.iter().flatten().map(|fact| fact.origin.id()).collect();
    let why = |place: u32, event: &Event| -> Why {
        if let Some(why) = why_out_of_scope(event, Some(&request.conversation_id), request.project_id.as_deref()) {
            why
        } else if !is_visible(place) {
            (Reason::Scope, "it is not of the document or the collection that was asked for")
        } else if best.contains_key(&place) {
            (Reason::Limit, "the lists take no more facts")
        } else {
            (Reason::Older, "it has no word in common with the query, and more recent ones are the background")
        }
    };
    let left = user.placed().filter(|(_, stored)| !included.contains(stored.event.event_id.as_str()));
    let found =
        left.map(|(place, stored)| (why(place, &stored.event), best.get(&place).map_or(0.0, |hit| hit.score), place));
    LeftOut::of(found.collect(), |place, why| {
        let event = &user.at(place)?.event;
        Some(Item::new(event, &event.content, task).into_omitted(why, best.get(&place).copied()))
    })
}
