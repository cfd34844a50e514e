//! `explain: true` of V6: which list a fact is in and what put it there, and why other events are in none.

use super::facts::{Fact, Origin, Sources};
use super::recall::{Ask, Selected};
use crate::api::explain::{Explanation, Item, LeftOut, Reason, Why, best_of, kept_to};
use crate::search::{Hit, Task};
use crate::store::{Event, User};
use crate::text;
use std::collections::HashSet;

/// The names of the lists.
const LISTS: [&str; 3] = ["answer_facts", "supporting_facts", "background_context"];

/// Tells it of the facts that were selected, and of the user's events that were not.
pub(super) fn explanation<'a>(
    ask: &Ask,
    sources: &Sources<'a>,
    hits: &[Hit],
    selected: &Selected<'a>,
) -> Explanation<'a> {
    let task = Task::new(&ask.query);
    let blocks = LISTS.into_iter().zip(selected).flat_map(|(list, facts)| facts.iter().map(move |fact| (list, fact)));
    let told = blocks.map(|(list, fact)| told(list, fact, &task)).collect();
    let left_out = sources.user.as_ref().map(|(user, part)| {
        let seen = |place: u32| {
            let seen = part.seen.as_ref().zip(usize::try_from(place).ok());
            seen.is_none_or(|(seen, place)| seen.get(place).is_some_and(|seen| *seen))
        };
        left_out(ask, user, seen, hits, selected, &task)
    });
    let matching = hits.iter().map(|hit| (hit.part, hit.source)).collect::<HashSet<_>>().len();
    Explanation::of_facts(&ask.query, matching, told, left_out.unwrap_or_default())
}

fn told<'a>(list: &'static str, fact: &Fact<'a>, task: &Task) -> Item<'a> {
    let item = match fact.origin {
        Origin::Event(event) => Item::new(event, fact.text, task),
        Origin::Section(document, section) => Item {
            event_id: &section.node_id,
            reason: None,
            detail: None,
            list: None,
            score: 0.0,
            tokens: text::tokens(fact.text),
            words: text::words_among(fact.text, task.terms()),
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

fn left_out<'a>(
    ask: &Ask,
    user: &'a User,
    seen: impl Fn(u32) -> bool,
    hits: &[Hit],
    selected: &Selected<'a>,
    task: &Task,
) -> LeftOut<'a> {
    let of_events: Vec<Hit> = hits.iter().filter(|hit| hit.part == 0).copied().collect();
    let best = best_of(&of_events);
    let included: HashSet<&str> = selected.iter().flatten().map(|fact| fact.origin.id()).collect();
    let why = |place: u32, event: &Event| -> Why {
        if let Some(why) = kept_to(event, Some(&ask.conversation_id), ask.project_id.as_deref()) {
            why
        } else if !seen(place) {
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
        Some(Item::new(event, &event.content, task).left_out(why, best.get(&place).copied()))
    })
}
