//! What `POST /v6/recall` is asked, what it selects, and its answer.

use super::facts::{self, Fact, Sources};
use crate::api::explain::tell;
use crate::api::{Call, Reply};
use crate::errors::ApiError;
use crate::hash::fingerprint;
use crate::index::{Kind, Source};
use crate::search::{self, Hit, Part, Sorted, Task};
use crate::store::{Document, Recall, Stored, User};
use crate::text;
use crate::time;
use crate::validate::Fields;
use serde_json::{Value, json};

/// How many facts of each list are answered with where the request does not say: answers, supporting, background.
const FACTS: [i64; 3] = [12, 5, 5];
/// How many passages of documents are, of all lists together, and how few and many a limit can ask for.
const CHUNKS: i64 = 5;
const CHUNK_LIMITS: (i64, i64) = (1, 50);
/// How many facts a limit can ask for.
const MOST: i64 = 100;
/// The score from which a fact is an answer.
const ANSWERS: f64 = 0.5;
/// How many messages of the conversation are told.
const HISTORY: usize = 10;

pub(super) struct Ask {
    user_id: String,
    pub query: String,
    pub conversation_id: String,
    pub project_id: Option<String>,
    document_id: Option<String>,
    /// Not among the documented fields: the documents of a collection are asked for by it.
    collection_id: Option<String>,
    reference_time: Option<i64>,
    mode: Option<String>,
    limits: [usize; 3],
    list_items: usize,
    chunks: usize,
    debug: bool,
    /// Whether the answer tells why each fact is in it, and why other events are not.
    explain: bool,
}

/// The three lists of facts, best first.
pub(super) type Selected<'a> = [Vec<Fact<'a>>; 3];

impl Ask {
    fn read(fields: &mut Fields) -> Ask {
        let (user_id, query) = (fields.required_text("user_id"), fields.required_text("query"));
        let conversation_id = super::conversation(fields);
        let mut limits = fields.within("limits");
        let mut limit = |name: &str, (min, max): (i64, i64), default: i64| {
            usize::try_from(limits.integer(name, min, max).unwrap_or(default)).unwrap_or_default()
        };
        let any = (0, MOST);
        let [answers, supporting, background] = FACTS;
        let facts = [
            limit("answer_facts", any, answers),
            limit("supporting_facts", any, supporting),
            limit("background_facts", any, background),
        ];
        let (list_items, chunks) = (limit("max_list_items", any, MOST), limit("document_chunks", CHUNK_LIMITS, CHUNKS));
        fields.join("limits", limits);
        let mut include = fields.within("include");
        include.flag("pending_plan");
        let debug = include.flag("debug").unwrap_or(false);
        fields.join("include", include);
        Ask {
            user_id,
            query,
            conversation_id,
            project_id: fields.text("project_id"),
            document_id: fields.text("document_id"),
            collection_id: fields.text("collection_id"),
            reference_time: fields.time("reference_time"),
            mode: fields.text("mode_hint"),
            limits: facts,
            list_items,
            chunks,
            debug,
            explain: fields.flag("explain").unwrap_or(false),
        }
    }

    /// What this recall may draw on: events and sections of documents. Where a document or a collection is asked for, nothing but
    /// what is of it, whatever project it belongs to.
    fn sources<'a>(&self, call: &'a Call) -> Sources<'a> {
        let store = &*call.store;
        let collection = self.collection_id.as_deref().map(|collection_id| store.collection(collection_id));
        let restricted = self.document_id.is_some() || collection.is_some();
        let asked = |document_id: Option<&str>| {
            self.document_id.as_deref().is_none_or(|wanted| document_id == Some(wanted))
                && collection.is_none_or(|of| of.zip(document_id).is_some_and(|(of, id)| of.has(id)))
        };
        let seen = |Stored { event, .. }: &Stored| {
            let visible = event.visible(Some(&self.conversation_id), self.project_id.as_deref());
            visible && asked(event.document_id.as_deref())
        };
        let user = store.user(&self.user_id).map(|user| {
            let narrow = restricted || user.has_scopes();
            (user, Part { index: user.index(), seen: narrow.then(|| user.where_each(seen)) })
        });
        let open = |document: &&Document| {
            let project = restricted || self.project_id.as_ref() == Some(&document.project_id);
            document.user_id == self.user_id && project && asked(Some(&document.document_id))
        };
        Sources { user, documents: store.documents().iter().filter(open).collect() }
    }

    /// The best matches answer, the next support them, and of what has no word in common the most recent is background.
    fn select<'a>(&self, sources: &Sources<'a>, parts: &[Part<'a>], hits: Vec<Hit>) -> Selected<'a> {
        let [answers, supporting, background] = self.limits;
        let (mut best, mut next, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let events = u32::from(sources.user.is_some());
        let recent = |(number, part): (u32, &Part<'a>)| {
            let limit = if number < events { background } else { background.min(self.chunks) };
            search::most_recent((number, part), &hits, limit, |hit| sources.fact(parts, hit).is_some())
        };
        let mut rest: Vec<Hit> = (0_u32..).zip(parts).flat_map(recent).collect();
        rest.sort_by(search::newest_first);
        let mut chunks = 0_usize;
        let mut fits = |fact: &Fact| {
            let fits = !fact.of_document() || chunks < self.chunks;
            chunks = chunks.saturating_add(usize::from(fits && fact.of_document()));
            fits
        };
        let mut sorted = Sorted::new(hits, search::best_first);
        while best.len() < answers || next.len() < supporting {
            let Some(hit) = sorted.next(|_| true) else { break };
            let Some(fact) = sources.fact(parts, &hit) else { continue };
            if best.len() < answers && fact.score >= ANSWERS {
                best.extend(fits(&fact).then_some(fact));
            } else if next.len() < supporting {
                next.extend(fits(&fact).then_some(fact));
            }
        }
        for fact in rest.iter().filter_map(|hit| sources.fact(parts, hit)) {
            if others.len() < background && fits(&fact) {
                others.push(fact);
            }
        }
        [best, next, others]
    }
}

pub(super) fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let ask = Ask::read(&mut fields);
    fields.check()?;
    let recall_id = call.store.ids.next("rcl");
    call.store.make_index(&ask.user_id);
    let sources = ask.sources(call);
    let parts = sources.parts();
    let hits = sources.matching(&parts, &ask.query);
    let matching = hits.len();
    let kept = ask.explain.then(|| hits.clone());
    let selected = ask.select(&sources, &parts, hits);
    let explanation = kept.map(|hits| super::explain::explanation(&ask, &sources, &hits, &selected));
    let history = history(sources.user.as_ref().map(|(user, _)| *user), &ask.conversation_id);
    let (at, anchor) = anchor(&ask, &history, call.now);
    let told: String = facts::tell(&selected, ask.list_items);
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
            "text": told,
        },
        "working_memory": null,
        "pending_plan": null,
        "routing": {
            "mode": ask.mode.as_deref().unwrap_or("semantic"),
            "kinds": kinds,
            "predicates": predicates,
            "temporal_intent": null,
        },
    });
    if let (true, Some(body)) = (ask.debug, body.as_object_mut()) {
        let scores: Vec<Value> = selected
            .iter()
            .flatten()
            .map(|fact| json!({ "fact_id": fact.id(), "event_id": fact.origin.id(), "score": fact.score }))
            .collect();
        let passages = search::all(&parts, &Task::new(""));
        let candidates = passages.iter().filter(|hit| sources.fact(&parts, hit).is_some()).count();
        let debug = json!({ "recall_id": recall_id, "candidates": candidates, "matching": matching, "scores": scores });
        body.insert("debug".into(), debug);
    }
    tell(&mut body, explanation.as_ref());
    let tokens = text::tokens(&told);
    call.note(Recall { recall_id, user_id: ask.user_id, facts: named, used: Vec::new() });
    Ok(Reply { body, tokens, work_units: 1, ..Reply::default() })
}

/// The latest messages of the conversation, oldest first.
fn history<'a>(user: Option<&'a User>, conversation_id: &str) -> Vec<&'a Stored> {
    let thread = fingerprint(conversation_id.as_bytes());
    let spoken = |source: &Source| source.label.kind == Kind::Message && source.label.thread == thread;
    let places = user.map(|user| user.index().where_each(spoken)).unwrap_or_default();
    let mut turns: Vec<&Stored> =
        (0_u32..).zip(places).filter(|(_, spoken)| *spoken).filter_map(|(place, _)| user?.at(place)).collect();
    let time = |stored: &&Stored| (stored.event.event_time, stored.seq);
    let earlier = turns.len().saturating_sub(HISTORY);
    if earlier > 0 {
        turns.select_nth_unstable_by_key(earlier, time);
        turns.drain(..earlier);
    }
    turns.sort_by_key(time);
    turns
}

fn turn(stored: &Stored) -> Value {
    let event = &stored.event;
    json!({ "role": event.role, "content": event.content, "event_time": time::format(event.event_time) })
}

/// The time the answer is to be read at, and where it is from.
fn anchor(ask: &Ask, history: &[&Stored], now: i64) -> (i64, &'static str) {
    match (ask.reference_time, history.last()) {
        (Some(at), _) => (at, "request"),
        (None, Some(stored)) => (stored.event.event_time, "conversation_event"),
        (None, None) => (now, "server_now"),
    }
}
