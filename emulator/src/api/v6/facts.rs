//! The facts of V6. The emulator derives none: each is a passage of an event or a document, word for word.

use crate::api::{context, feedback};
use crate::search::{self, Corpus, Hit, Query};
use crate::store::{Document, Event, Section, User};
use crate::time;
use serde_json::{Value, json};

/// The heading of each list in the text for the prompt.
const HEADINGS: [&str; 3] = ["What answers the question:", "What supports it:", "What else is known:"];

/// The source of a fact.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    Event(&'a Event),
    Section(&'a Document, &'a Section),
}

/// A fact: a passage of its source.
#[derive(Clone, Debug)]
pub(super) struct Fact<'a> {
    /// The event or section that it is a passage of.
    pub origin: Origin<'a>,
    /// Where the passage starts in its source, in bytes.
    start: u32,
    /// The passage.
    pub text: &'a str,
    /// From 0 (no word in common with the query) to 1 (the best match of the recall).
    pub score: f64,
}

/// The events and documents that a recall covers.
pub(super) struct Sources<'a> {
    /// The user with the corpus of events, if the user has events.
    pub user: Option<(&'a User, Corpus<'a>)>,
    /// The documents; each has an index of its sections.
    pub documents: Vec<&'a Document>,
}

impl<'a> Sources<'a> {
    /// The corpora to search: that of the user's events first, if there is one, then one for each document.
    pub fn corpora(&self) -> Vec<Corpus<'a>> {
        let documents = self.documents.iter().map(|document| Corpus::whole(&document.index));
        self.user.iter().map(|(_, corpus)| corpus.clone()).chain(documents).collect()
    }

    /// The event or section that a hit is of.
    fn origin(&self, hit: &Hit) -> Option<Origin<'a>> {
        let corpus = usize::try_from(hit.corpus).ok()?;
        match (&self.user, corpus) {
            (Some((user, _)), 0) => Some(Origin::Event(&user.at(hit.source)?.event)),
            (user, corpus) => {
                let document = self.documents.get(corpus.saturating_sub(usize::from(user.is_some())))?;
                let section = document.sections.get(usize::try_from(hit.source).ok()?)?;
                Some(Origin::Section(document, section))
            }
        }
    }

    /// Makes a fact of a hit; `None` where its passage consists of white space.
    pub fn fact(&self, corpora: &[Corpus<'a>], hit: &Hit) -> Option<Fact<'a>> {
        let origin = self.origin(hit)?;
        let passage =
            usize::try_from(hit.corpus).ok().and_then(|corpus| corpora.get(corpus))?.index.passage(hit.passage)?;
        let text = passage.of(origin.content()).trim();
        (!text.is_empty()).then_some(Fact { origin, start: passage.start, text, score: hit.score })
    }

    /// The passages that have a word in common with the query. Those of sources that feedback named as used score higher.
    pub fn matching(&self, corpora: &[Corpus], query: &str) -> Vec<Hit> {
        let mut hits = search::matching(corpora, &Query::new(query));
        let has_used_events = self.user.as_ref().is_some_and(|(user, _)| user.has_used_events());
        // The uses of events are looked up only where feedback named any; those of documents always, as they have few sections.
        let events = u32::from(self.user.is_some());
        for hit in hits.iter_mut().filter(|hit| has_used_events || hit.corpus >= events) {
            hit.score *= 1.0 + feedback::boost(self.origin(hit).map_or(0, |origin| origin.used()));
        }
        let best = hits.iter().map(|hit| hit.score).fold(1.0, f64::max);
        for hit in &mut hits {
            hit.score = search::four_decimals(hit.score / best);
        }
        search::rank_questions_last(&mut hits);
        hits
    }
}

impl<'a> Origin<'a> {
    /// The whole text that facts are passages of.
    fn content(self) -> &'a str {
        match self {
            Origin::Event(event) => &event.content,
            Origin::Section(document, section) => section.of(&document.content),
        }
    }

    /// The id of the event or the section.
    pub fn id(self) -> &'a str {
        match self {
            Origin::Event(event) => &event.event_id,
            Origin::Section(_, section) => &section.node_id,
        }
    }

    /// When the event happened or the document was uploaded, in milliseconds since 1970.
    fn time(self) -> i64 {
        match self {
            Origin::Event(event) => event.event_time,
            Origin::Section(document, _) => document.uploaded_at,
        }
    }

    /// In how many recalls feedback named it as used.
    fn used(self) -> u32 {
        match self {
            Origin::Event(event) => event.used,
            Origin::Section(_, section) => section.used,
        }
    }

    /// The id and the name of the document that the event is about or the section belongs to.
    fn document(self) -> (Option<&'a str>, Option<&'a str>) {
        match self {
            Origin::Event(event) => (event.document_id.as_deref(), event.document_name.as_deref()),
            Origin::Section(document, _) => (Some(&document.document_id), Some(&document.document_name)),
        }
    }

    /// The type of the event, or `document`.
    pub fn kind(self) -> &'a str {
        match self {
            Origin::Event(event) => &event.kind,
            Origin::Section(..) => "document",
        }
    }

    /// What relates the subject to the text: `said`, `returned`, `states` or `reported`.
    pub fn predicate(self) -> &'static str {
        match self.kind() {
            "message" => "said",
            "tool_call" => "returned",
            "document" => "states",
            _ => "reported",
        }
    }

    /// The name of the document, or the role of the event; where it has none, one that fits its type.
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
    /// The id, made of the id of the source and the start of the passage, so that it is the same in every recall.
    pub fn id(&self) -> String {
        let id = self.origin.id();
        let bare = id.split_once('_').map_or(id, |(_, bare)| bare);
        match self.start {
            0 => format!("fact_{bare}"),
            start => format!("fact_{bare}_{start}"),
        }
    }

    /// Whether it is a passage of a document.
    pub fn of_document(&self) -> bool {
        matches!(self.origin, Origin::Section(..))
    }

    /// The fact as it is answered; `anchor` is the reference time of the recall.
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

/// `temporal_matches`: the days that a text contains as YYYY-MM-DD.
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

/// Renders facts as text for a system prompt, in a fence, each list under its heading with at most `most` facts; empty without facts.
pub(super) fn render(selected: &[Vec<Fact>; 3], most: usize) -> String {
    let list = |(heading, facts): (&str, &Vec<Fact>)| {
        let lines: String = facts.iter().take(most).map(line).collect();
        (!lines.is_empty()).then(|| format!("{heading}\n{lines}"))
    };
    let lists: Vec<String> = HEADINGS.into_iter().zip(selected).filter_map(list).collect();
    context::fenced(&lists.join("\n"))
}

/// A fact with its source, as a line.
fn line(fact: &Fact) -> String {
    let source = match fact.origin.document() {
        (_, Some(name)) => name.to_string(),
        _ => format!("{}, {}", fact.origin.subject(), time::format_day(time::day(fact.origin.time()))),
    };
    format!("- {} ({source})\n", fact.text)
}
