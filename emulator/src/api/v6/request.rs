//! The fields of `POST /v6/recall`, and the facts that such a request selects.

use super::facts::{Fact, Sources};
use crate::api::Call;
use crate::search::{self, Corpus, Hit, LazySorted};
use crate::store::{Document, Stored};
use crate::validate::Fields;

/// The default limits of `answer_facts`, `supporting_facts` and `background_facts`.
const FACTS: [i64; 3] = [12, 5, 5];
/// The default limit of passages of documents in all lists together, and the smallest and largest limit.
const CHUNKS: i64 = 5;
/// The smallest and the largest of that limit.
const CHUNK_LIMITS: (i64, i64) = (1, 50);
/// The largest limit of facts.
const MAX_FACTS: i64 = 100;
/// The lowest score of a fact in `answer_facts`.
const MIN_ANSWER_SCORE: f64 = 0.5;
/// A request to recall.
pub(super) struct RecallRequest {
    pub user_id: String,
    pub query: String,
    pub conversation_id: String,
    pub project_id: Option<String>,
    document_id: Option<String>,
    /// Only the documents of this collection. The published types do not have this field.
    collection_id: Option<String>,
    pub reference_time: Option<i64>,
    /// `mode_hint`.
    pub mode: Option<String>,
    /// The limits of the three lists.
    limits: [usize; 3],
    /// `max_list_items`: how many facts of each list the text for the prompt has.
    pub list_items: usize,
    /// The limit of passages of documents in all lists together.
    chunks: usize,
    /// `include.debug`.
    pub debug: bool,
    /// Whether the answer explains why each fact is in it and why other events are not.
    pub explain: bool,
}

/// `answer_facts`, `supporting_facts` and `background_context`.
pub(super) type Selected<'a> = [Vec<Fact<'a>>; 3];

impl RecallRequest {
    /// Reads all fields.
    pub fn read(fields: &mut Fields) -> RecallRequest {
        let (user_id, query) = (fields.required_text("user_id"), fields.required_text("query"));
        let conversation_id = conversation(fields);
        let mut limits = fields.object_fields("limits");
        let mut limit = |name: &str, (min, max): (i64, i64), default: i64| {
            usize::try_from(limits.integer(name, min, max).unwrap_or(default)).unwrap_or_default()
        };
        let any = (0, MAX_FACTS);
        let [answers, supporting, background] = FACTS;
        let facts = [
            limit("answer_facts", any, answers),
            limit("supporting_facts", any, supporting),
            limit("background_facts", any, background),
        ];
        let (list_items, chunks) =
            (limit("max_list_items", any, MAX_FACTS), limit("document_chunks", CHUNK_LIMITS, CHUNKS));
        fields.join_issues("limits", limits);
        let mut include = fields.object_fields("include");
        include.flag("pending_plan");
        let debug = include.flag("debug").unwrap_or(false);
        fields.join_issues("include", include);
        RecallRequest {
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

    /// The events and documents that the request covers. Where it names a document or a collection, only those of it, in any project; else
    /// all visible events of the user, and the documents of the project.
    pub fn sources<'a>(&self, call: &'a Call) -> Sources<'a> {
        let store = &*call.store;
        let collection = self.collection_id.as_deref().map(|collection_id| store.collection(collection_id));
        let restricted = self.document_id.is_some() || collection.is_some();
        let asked = |document_id: Option<&str>| {
            self.document_id.as_deref().is_none_or(|wanted| document_id == Some(wanted))
                && collection.is_none_or(|of| of.zip(document_id).is_some_and(|(of, id)| of.has(id)))
        };
        let is_visible = |Stored { event, .. }: &Stored| {
            let visible = event.visible(Some(&self.conversation_id), self.project_id.as_deref());
            visible && asked(event.document_id.as_deref())
        };
        let user = store.user(&self.user_id).map(|user| {
            let narrow = restricted || user.has_scopes();
            (user, Corpus { index: user.index(), visible: narrow.then(|| user.mask(is_visible)) })
        });
        let open = |document: &&Document| {
            let project = restricted || self.project_id.as_ref() == Some(&document.project_id);
            document.user_id == self.user_id && project && asked(Some(&document.document_id))
        };
        Sources { user, documents: store.documents().iter().filter(open).collect() }
    }

    /// Distributes hits to the lists: the best matches to `answer_facts`, the next ones to `supporting_facts`, and the most recent passages
    /// that do not match to `background_context`.
    pub fn select<'a>(&self, sources: &Sources<'a>, corpora: &[Corpus<'a>], hits: Vec<Hit>) -> Selected<'a> {
        let [answers, supporting, background] = self.limits;
        let (mut best, mut next, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let events = u32::from(sources.user.is_some());
        let recent = |(number, corpus): (u32, &Corpus<'a>)| {
            let limit = if number < events { background } else { background.min(self.chunks) };
            search::most_recent((number, corpus), &hits, limit, |hit| sources.fact(corpora, hit).is_some())
        };
        let mut rest: Vec<Hit> = (0_u32..).zip(corpora).flat_map(recent).collect();
        rest.sort_by(search::newest_first);
        let mut chunks = 0_usize;
        let mut fits = |fact: &Fact| {
            let fits = !fact.of_document() || chunks < self.chunks;
            chunks = chunks.saturating_add(usize::from(fits && fact.of_document()));
            fits
        };
        let mut sorted = LazySorted::new(hits, search::best_first);
        while best.len() < answers || next.len() < supporting {
            let Some(hit) = sorted.next(|_| true) else { break };
            let Some(fact) = sources.fact(corpora, &hit) else { continue };
            if best.len() < answers && fact.score >= MIN_ANSWER_SCORE {
                best.extend(fits(&fact).then_some(fact));
            } else if next.len() < supporting {
                next.extend(fits(&fact).then_some(fact));
            }
        }
        for fact in rest.iter().filter_map(|hit| sources.fact(corpora, hit)) {
            if others.len() < background && fits(&fact) {
                others.push(fact);
            }
        }
        [best, next, others]
    }
}

/// Reads `conversation_id`, or `thread_id` in its place; one of them is required.
pub(super) fn conversation(fields: &mut Fields) -> String {
    let thread_id = fields.text("thread_id");
    match thread_id {
        Some(thread_id) => fields.text("conversation_id").unwrap_or(thread_id),
        None => fields.required_text("conversation_id"),
    }
}
