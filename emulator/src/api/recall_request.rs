//! The fields that the recalls of V1, V2 and V3 have in common, and the events that such a request selects.

use super::context::ContextBudget;
use super::reason::{Reason, Why, why_out_of_scope};
use crate::hash::fingerprint;
use crate::index::Source;
use crate::search::{self, Block, Corpus, Hit, LazySorted, Order, Query};
use crate::store::{Event, User};
use crate::validate::Fields;

/// The smallest and the largest `token_budget`.
const BUDGET: (i64, i64) = (200, 8000);
/// A request to recall.
pub(super) struct RecallRequest {
    pub user_id: String,
    pub task: String,
    /// `token_budget`, in tokens.
    pub budget: u64,
    pub thread_id: Option<String>,
    pub min_confidence: Option<f64>,
    /// Only events that happened at this time or later, in milliseconds since 1970.
    pub from: Option<i64>,
    /// Only events that happened at this time or earlier, in milliseconds since 1970.
    pub to: Option<i64>,
    /// Whether the answer explains why each block is in it and why other events are not.
    pub explain: bool,
}

impl RecallRequest {
    /// Reads the common fields; `from` and `to` are named differently in each version and are set by the caller.
    pub fn read(fields: &mut Fields) -> RecallRequest {
        let (min, max) = BUDGET;
        RecallRequest {
            user_id: fields.required_text("user_id"),
            task: fields.required_text("task"),
            budget: u64::try_from(fields.required_integer("token_budget", min, max)).unwrap_or_default(),
            thread_id: fields.text("thread_id"),
            min_confidence: fields.number("min_confidence", 0.0, 1.0),
            from: None,
            to: None,
            explain: fields.flag("explain").unwrap_or(false),
        }
    }

    /// Whether the request allows an event to be recalled.
    pub fn allows(&self, event: &Event) -> bool {
        self.why_hidden(event).is_none()
    }

    /// Why the request does not allow an event to be recalled; `None` where it does.
    pub fn why_hidden(&self, event: &Event) -> Option<Why> {
        if self.thread_id.as_ref().is_some_and(|thread| event.thread_id.as_ref() != Some(thread)) {
            return Some((Reason::Scope, "it is of another thread"));
        }
        if let Some(why) = why_out_of_scope(event, self.thread_id.as_deref(), None) {
            return Some(why);
        }
        if self.from.is_some_and(|from| event.event_time < from) {
            return Some((Reason::Older, "it happened before the time that was asked for"));
        }
        let later = self.to.is_some_and(|to| event.event_time > to);
        later.then_some((Reason::Scope, "it happened after the time that was asked for"))
    }

    /// The events of the user that the request allows to be recalled, as a corpus to search.
    pub fn corpus<'a>(&self, user: &'a User) -> Corpus<'a> {
        let index = user.index();
        if user.has_scopes() {
            return Corpus { index, visible: Some(user.mask(|stored| self.allows(&stored.event))) };
        }
        let thread = self.thread_id.as_ref().map(|thread_id| fingerprint(thread_id.as_bytes()));
        let sees = |source: &Source| {
            thread.is_none_or(|thread| source.attributes.thread == thread)
                && self.from.is_none_or(|from| source.attributes.time >= from)
                && self.to.is_none_or(|to| source.attributes.time <= to)
        };
        let narrow = thread.is_some() || self.from.is_some() || self.to.is_some();
        Corpus { index, visible: narrow.then(|| index.mask(sees)) }
    }

    /// The passages that have a word in common with the task, to be returned by score; where none has, all passages, to be returned by time.
    pub fn find(&self, corpus: Corpus) -> (Vec<Hit>, Order) {
        let (corpora, task) = ([corpus], Query::new(&self.task));
        let hits = search::matching(&corpora, &task);
        if hits.is_empty() { (search::all(&corpora, &task), Order::Newest) } else { (hits, Order::Best) }
    }

    /// Selects hits in the given order until the token budget is used up, without those that score less than `min_confidence`.
    pub fn fill<'a>(&self, user: &'a User, (mut hits, order): (Vec<Hit>, Order)) -> Vec<Block<'a>> {
        if let Some(least) = self.min_confidence {
            hits.retain(|hit| hit.score >= least);
        }
        let text = |source| user.at(source).map_or("", |stored| stored.event.content.as_str());
        let sorted = LazySorted::new(hits, |one: &Hit, other: &Hit| order.compare(one, other));
        search::fill(sorted, user.index(), text, &mut ContextBudget::new(user, self.budget))
    }
}
