//! Facts as V6 answers them: passages of what was stored, word for word.

use crate::api::feedback;
use crate::search;
use crate::store::{Event, Passage, Stored};
use crate::time;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// What stands before each list in the text.
const HEADINGS: [&str; 3] = ["What answers the question:", "What supports it:", "What else is known:"];

/// A passage, as a fact.
#[derive(Clone, Debug)]
pub(super) struct Fact<'a> {
    pub stored: &'a Stored,
    pub passage: &'a Passage,
    /// From 0 (no word in common with the query) to 1 (the best match of this recall).
    pub score: f64,
}

/// Every passage of the sources as a fact, best first; what feedback called useful is raised.
pub(super) fn rank<'a>(sources: &[&'a Stored], query: &str) -> Vec<Fact<'a>> {
    let mut facts: Vec<Fact> = search::rank(sources, query)
        .into_iter()
        .filter(|hit| !words(&hit.stored.event, hit.passage).is_empty())
        .map(|hit| Fact {
            stored: hit.stored,
            passage: hit.passage,
            score: hit.score * (1.0 + feedback::boost(hit.stored.event.used)),
        })
        .collect();
    let best = facts.iter().map(|fact| fact.score).fold(1.0, f64::max);
    for fact in &mut facts {
        fact.score = (fact.score / best * 10_000.0).round() / 10_000.0;
    }
    facts.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.newest_first(other)));
    facts
}

fn words<'a>(event: &'a Event, passage: &Passage) -> &'a str {
    event.content.get(passage.start..passage.end).unwrap_or_default().trim()
}

impl Fact<'_> {
    pub fn newest_first(&self, other: &Self) -> Ordering {
        let time = |fact: &Fact| (fact.stored.event.event_time, fact.stored.seq);
        time(other).cmp(&time(self)).then(self.passage.start.cmp(&other.passage.start))
    }

    /// The identifier: that of the source and where in it the passage starts, so it stays the same from recall to recall.
    pub fn id(&self) -> String {
        let event_id = &self.stored.event.event_id;
        let bare = event_id.split_once('_').map_or(event_id.as_str(), |(_, bare)| bare);
        match self.passage.start {
            0 => format!("fact_{bare}"),
            start => format!("fact_{bare}_{start}"),
        }
    }

    pub fn text(&self) -> &str {
        words(&self.stored.event, self.passage)
    }

    pub fn of_document(&self) -> bool {
        self.stored.event.kind == "document"
    }

    /// What it was made from.
    pub fn kind(&self) -> &str {
        &self.stored.event.kind
    }

    pub fn predicate(&self) -> &'static str {
        match self.stored.event.kind.as_str() {
            "message" => "said",
            "tool_call" => "returned",
            "document" => "states",
            _ => "reported",
        }
    }

    fn subject(&self) -> &str {
        let event = &self.stored.event;
        let document = event.document_name.as_deref().filter(|_| self.of_document());
        document.or(event.role.as_deref()).unwrap_or(match event.kind.as_str() {
            "message" => "user",
            "tool_call" => "tool",
            _ => "app",
        })
    }

    pub fn shape(&self, anchor: i64) -> Value {
        let event = &self.stored.event;
        let text = self.text();
        json!({
            "fact_id": self.id(),
            "subject": self.subject(),
            "kind": self.kind(),
            "predicate": self.predicate(),
            "object": text,
            "object_text": text,
            "relation_phrase": self.predicate(),
            "source_text": text,
            "confidence": 1,
            "importance": crate::json::number(self.score),
            "created_at": time::format(event.event_time),
            "temporal_matches": dates(text, anchor),
            "document_id": event.document_id,
            "document_name": event.document_name,
        })
    }
}

/// The days a text names as YYYY-MM-DD.
fn dates(text: &str, anchor: i64) -> Vec<Value> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let dates = text.match_indices('-').filter_map(|(at, _)| {
        let start = at.checked_sub(4)?;
        let end = start.saturating_add(10);
        let written = text.get(start..end).filter(|_| !digit(start.checked_sub(1)) && !digit(Some(end)))?;
        Some((written, time::parse_date(written)?))
    });
    let shape = |(written, day): (&str, i64)| {
        json!({
            "ts_start": time::format(day.saturating_mul(time::DAY_MS)),
            "ts_end": time::format(day.saturating_add(1).saturating_mul(time::DAY_MS).saturating_sub(1)),
            "raw_expression": written,
            "anchor_time": time::format(anchor),
            "date_type": "absolute",
            "granularity": "day",
        })
    };
    dates.map(shape).collect()
}

/// The facts as a text for a system prompt, each list with its heading and at most so many items; empty without facts.
pub(super) fn tell(selected: &[Vec<Fact>; 3], most: usize) -> String {
    let list = |(heading, facts): (&str, &Vec<Fact>)| {
        let lines: String = facts.iter().take(most).map(line).collect();
        (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
    };
    let lists: Vec<String> = HEADINGS.into_iter().zip(selected).filter_map(list).collect();
    lists.join("\n")
}

fn line(fact: &Fact) -> String {
    let event = &fact.stored.event;
    let source = match event.document_name.as_deref() {
        Some(name) => name.to_string(),
        None => format!("{}, {}", fact.subject(), time::format_day(time::day(event.event_time))),
    };
    format!("- {} ({source})\n", fact.text())
}
