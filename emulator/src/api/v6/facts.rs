//! Facts as V6 answers them: passages of what was stored, word for word.

use crate::api::{context, feedback};
use crate::search::{self, Hit, Part, Task};
use crate::store::{Document, Event, Section, User};
use crate::time;
use serde_json::{Value, json};

/// What stands before each list in the text.
const HEADINGS: [&str; 3] = ["What answers the question:", "What supports it:", "What else is known:"];

/// Where a fact is from: an event, or a section of a document.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    Event(&'a Event),
    Section(&'a Document, &'a Section),
}

/// A passage, as a fact.
#[derive(Clone, Debug)]
pub(super) struct Fact<'a> {
    pub origin: Origin<'a>,
    /// Where in its origin the passage starts.
    start: u32,
    pub text: &'a str,
    /// From 0 (no word in common with the query) to 1 (the best match of this recall).
    pub score: f64,
}

/// What a recall may draw on: first the events of the user, where there are any, then documents.
pub(super) struct Sources<'a> {
    pub user: Option<(&'a User, Part<'a>)>,
    pub documents: Vec<&'a Document>,
}

impl<'a> Sources<'a> {
    /// Their indexes.
    pub fn parts(&self) -> Vec<Part<'a>> {
        let documents = self.documents.iter().map(|document| Part::whole(&document.index));
        self.user.iter().map(|(_, part)| part.clone()).chain(documents).collect()
    }

    fn origin(&self, hit: &Hit) -> Option<Origin<'a>> {
        let part = usize::try_from(hit.part).ok()?;
        match (&self.user, part) {
            (Some((user, _)), 0) => Some(Origin::Event(&user.at(hit.source)?.event)),
            (user, part) => {
                let document = self.documents.get(part.saturating_sub(usize::from(user.is_some())))?;
                let section = document.sections.get(usize::try_from(hit.source).ok()?)?;
                Some(Origin::Section(document, section))
            }
        }
    }

    /// A hit as a fact; none if it is blank.
    pub fn fact(&self, parts: &[Part<'a>], hit: &Hit) -> Option<Fact<'a>> {
        let origin = self.origin(hit)?;
        let passage = usize::try_from(hit.part).ok().and_then(|part| parts.get(part))?.index.passage(hit.passage)?;
        let text = passage.of(origin.content()).trim();
        (!text.is_empty()).then_some(Fact { origin, start: passage.start, text, score: hit.score })
    }

    /// The passages that have a word in common with the query; what feedback called useful is raised.
    pub fn matching(&self, parts: &[Part], query: &str) -> Vec<Hit> {
        let mut hits = search::matching(parts, &Task::new(query));
        let useful = self.user.as_ref().is_some_and(|(user, _)| user.has_useful());
        // Documents come after the events, and have few sections.
        let events = u32::from(self.user.is_some());
        for hit in hits.iter_mut().filter(|hit| useful || hit.part >= events) {
            hit.score *= 1.0 + feedback::boost(self.origin(hit).map_or(0, |origin| origin.used()));
        }
        let best = hits.iter().map(|hit| hit.score).fold(1.0, f64::max);
        for hit in &mut hits {
            hit.score = search::four_decimals(hit.score / best);
        }
        search::keep_behind(&mut hits);
        hits
    }
}

impl<'a> Origin<'a> {
    fn content(self) -> &'a str {
        match self {
            Origin::Event(event) => &event.content,
            Origin::Section(document, section) => section.of(&document.content),
        }
    }

    pub fn id(self) -> &'a str {
        match self {
            Origin::Event(event) => &event.event_id,
            Origin::Section(_, section) => &section.node_id,
        }
    }

    fn time(self) -> i64 {
        match self {
            Origin::Event(event) => event.event_time,
            Origin::Section(document, _) => document.uploaded_at,
        }
    }

    fn used(self) -> u32 {
        match self {
            Origin::Event(event) => event.used,
            Origin::Section(_, section) => section.used,
        }
    }

    /// The document it is about or of: its identifier and name.
    fn document(self) -> (Option<&'a str>, Option<&'a str>) {
        match self {
            Origin::Event(event) => (event.document_id.as_deref(), event.document_name.as_deref()),
            Origin::Section(document, _) => (Some(&document.document_id), Some(&document.document_name)),
        }
    }

    /// What it is.
    pub fn kind(self) -> &'a str {
        match self {
            Origin::Event(event) => &event.kind,
            Origin::Section(..) => "document",
        }
    }

    pub fn predicate(self) -> &'static str {
        match self.kind() {
            "message" => "said",
            "tool_call" => "returned",
            "document" => "states",
            _ => "reported",
        }
    }

    fn subject(self) -> &'a str {
        match self {
            Origin::Section(document, _) => &document.document_name,
            Origin::Event(event) => event.role.as_deref().unwrap_or(match event.kind.as_str() {
                "message" => "user",
                "tool_call" => "tool",
                _ => "app",
            }),
        }
    }
}

impl Fact<'_> {
    /// The identifier: that of the source and where in it the passage starts, so it stays the same from recall to recall.
    pub fn id(&self) -> String {
        let id = self.origin.id();
        let bare = id.split_once('_').map_or(id, |(_, bare)| bare);
        match self.start {
            0 => format!("fact_{bare}"),
            start => format!("fact_{bare}_{start}"),
        }
    }

    pub fn of_document(&self) -> bool {
        matches!(self.origin, Origin::Section(..))
    }

    pub fn shape(&self, anchor: i64) -> Value {
        let (document_id, document_name) = self.origin.document();
        json!({
            "fact_id": self.id(),
            "subject": self.origin.subject(),
            "kind": self.origin.kind(),
            "predicate": self.origin.predicate(),
            "object": self.text,
            "object_text": self.text,
            "relation_phrase": self.origin.predicate(),
            "source_text": self.text,
            "confidence": 1,
            "importance": crate::json::number(self.score),
            "created_at": time::format(self.origin.time()),
            "temporal_matches": dates(self.text, anchor),
            "document_id": document_id,
            "document_name": document_name,
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

/// The facts as a text for a system prompt, fenced, each list with its heading and at most so many items; empty without facts.
pub(super) fn tell(selected: &[Vec<Fact>; 3], most: usize) -> String {
    let list = |(heading, facts): (&str, &Vec<Fact>)| {
        let lines: String = facts.iter().take(most).map(line).collect();
        (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
    };
    let lists: Vec<String> = HEADINGS.into_iter().zip(selected).filter_map(list).collect();
    context::fence(&lists.join("\n"))
}

fn line(fact: &Fact) -> String {
    let source = match fact.origin.document() {
        (_, Some(name)) => name.to_string(),
        _ => format!("{}, {}", fact.origin.subject(), time::format_day(time::day(fact.origin.time()))),
    };
    format!("- {} ({source})\n", fact.text)
}
