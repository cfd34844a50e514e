//! `POST /v3/ingest`, `POST /v3/recall` and `POST /v3/forget`.
//!
//! The real service extracts facts, tasks and changes. Here a block is a message word for word, or an episode for other types of events, with
//! the parts of its score.

use super::call::{Call, Endpoint, Reply};
use super::explain::{self, Explanation};
use super::reason::why_out_of_scope;
use super::recall_request::RecallRequest;
use super::{feedback, forget, ingest, recall};
use crate::errors::ApiError;
use crate::hash::fingerprint;
use crate::index::Kind;
use crate::meter::Meter;
use crate::search::{self, Block, Corpus, Hit, Order, Query, four_decimals};
use crate::store::{EPHEMERAL, Event, LEGAL_HOLD, Recall, User};
use crate::time::{self, DAY_MS};
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::HashSet;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v3/ingest", meter: Meter::Ingest, open: false, run: ingest },
    Endpoint { method: "POST", path: "/v3/recall", meter: Meter::Recall, open: false, run: recall },
    Endpoint { method: "POST", path: "/v3/forget", meter: Meter::Forget, open: false, run: forget },
];

const POLICIES: &[&str] = &["standard", LEGAL_HOLD, EPHEMERAL];
const RESOLUTIONS: &[&str] = &["merged", "probabilistic", "raw"];
/// The recency of an event halves in so many days.
const HALF_LIFE_DAYS: f64 = 30.0;
/// How much is added to the score of events in the thread of the recall.
const SAME_THREAD: f64 = 0.1;

fn ingest(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let event = Event {
        thread_id: fields.text("thread_id"),
        event_time: fields.time("event_time").unwrap_or(call.now),
        retention_policy: fields.one_of("retention_policy", POLICIES).filter(|policy| policy != "standard"),
        ..ingest::read(&mut fields, call.now)
    };
    fields.check()?;
    Ok(ingest::store(call, event))
}

/// The parts of a score, each from 0 to 1; `docs/emulator.md` has the formula.
#[derive(Clone, Copy, Debug)]
struct Score {
    type_weight: f64,
    relevance: f64,
    recency: f64,
    confidence: f64,
    frequency: f64,
    verified_boost: f64,
    intent_match: f64,
    thread_boost: f64,
    final_score: f64,
}

impl Score {
    fn shape(&self) -> Value {
        json!({
            "type_weight": crate::json::number(self.type_weight),
            "relevance": crate::json::number(self.relevance),
            "recency": crate::json::number(self.recency),
            "confidence": crate::json::number(self.confidence),
            "frequency": crate::json::number(self.frequency),
            "verified_boost": crate::json::number(self.verified_boost),
            "intent_match": crate::json::number(self.intent_match),
            "thread_boost": crate::json::number(self.thread_boost),
            "final_score": crate::json::number(self.final_score),
        })
    }
}

/// Computes the scores of the hits of one recall.
struct Scorer<'a> {
    now: i64,
    /// The fingerprint of the thread whose events are preferred.
    thread: Option<u64>,
    /// How many terms the task has.
    terms: usize,
    user: &'a User,
    /// A cache of one entry: an age in days and its recency. Many events have the same age.
    recency: Cell<(i64, f64)>,
}

impl<'a> Scorer<'a> {
    fn new(request: &RecallRequest, thread_id: Option<&str>, now: i64, user: &'a User) -> Self {
        let thread = thread_id.map(|thread_id| fingerprint(thread_id.as_bytes()));
        Scorer { now, thread, terms: Query::new(&request.task).len(), user, recency: Cell::new((0, 1.0)) }
    }

    /// The score of a hit; `None` where its event does not exist.
    fn score(&self, hit: &Hit) -> Option<Score> {
        let source = self.user.index().source(hit.source)?;
        let times = self.user.index().count_of_content(source.content).min(10);
        let used = if self.user.has_used_events() { self.user.at(hit.source)?.event.used } else { 0 };
        let mut score = Score {
            type_weight: match source.attributes.kind {
                Kind::Message => 1.0,
                Kind::ToolCall => 0.9,
                Kind::Other => 0.8,
            },
            relevance: hit.relevance,
            recency: self.recency(source.attributes.time),
            confidence: 1.0,
            frequency: f64::from(times) / 10.0,
            verified_boost: feedback::boost(used),
            intent_match: four_decimals(share(hit.matched_terms, self.terms)),
            thread_boost: if self.thread == Some(source.attributes.thread) { SAME_THREAD } else { 0.0 },
            final_score: 0.0,
        };
        let own = score.type_weight * (0.6 * score.relevance + 0.1 * score.intent_match)
            + 0.1 * score.recency
            + 0.05 * score.frequency
            + 0.05 * score.confidence;
        score.final_score = four_decimals((own + score.verified_boost + score.thread_boost).min(1.0));
        Some(score)
    }

    /// The recency of an event that happened at this time: from 1 (today or later) towards 0.
    fn recency(&self, time: i64) -> f64 {
        let days = self.now.saturating_sub(time).max(0) / DAY_MS;
        let (last, recency) = self.recency.get();
        if days == last {
            return recency;
        }
        let recency = four_decimals(0.5_f64.powf(u32::try_from(days).map_or(f64::MAX, f64::from) / HALF_LIFE_DAYS));
        self.recency.set((days, recency));
        recency
    }
}

/// A quotient; 0 where the divisor is 0.
fn share(part: u32, of: usize) -> f64 {
    u32::try_from(of).map_or(0.0, |of| if of == 0 { 0.0 } else { f64::from(part) / f64::from(of) })
}

fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let mut request = RecallRequest::read(&mut fields);
    fields.one_of("entity_resolution", RESOLUTIONS);
    fields.check()?;
    // V3 only prefers events of the thread; V1 and V2 recall no others.
    let thread_id = request.thread_id.take();
    let recall_id = call.store.ids.next("rcl");
    call.store.build_index(&request.user_id);
    let user = call.store.user(&request.user_id);
    let found = user.map(|user| blocks(&request, user, thread_id.as_deref(), call.now)).unwrap_or_default();
    let scorer = user.map(|user| Scorer::new(&request, thread_id.as_deref(), call.now, user));
    let mut reply = recall::answer(user, &found, |block, event| {
        let score = scorer.as_ref().and_then(|scorer| scorer.score(&block.hit));
        shape(block, event, score)
    });
    let stamped = json!({ "recall_id": recall_id, "as_of": time::format(call.now) });
    if let (Value::Object(stamped), Some(body)) = (stamped, reply.body.as_object_mut()) {
        let rest = std::mem::replace(body, stamped);
        body.extend(rest);
        // Events can be recalled as soon as they are stored.
        body.insert("ingestion_lag_seconds".into(), json!(0));
    }
    let mut seen = HashSet::new();
    let sources = found.0.iter().filter(|block| seen.insert(block.hit.source)).map(|block| block.hit.source);
    let ids = sources.filter_map(|source| Some(user?.at(source)?.event.event_id.clone()));
    let facts = ids.map(|event_id| (event_id.clone(), event_id)).collect();
    call.record_recall(Recall { recall_id, user_id: request.user_id, facts, used: Vec::new() });
    Ok(reply)
}

/// Ranks the events of a user by the score of V3, and selects blocks.
fn blocks<'a>(
    request: &RecallRequest,
    user: &'a User,
    thread_id: Option<&str>,
    now: i64,
) -> (Vec<Block<'a>>, Option<Explanation<'a>>) {
    let visible = user.has_scopes().then(|| user.mask(|stored| stored.event.visible(thread_id, None)));
    let (mut hits, _) = request.find(Corpus { index: user.index(), visible });
    let scorer = Scorer::new(request, thread_id, now, user);
    for hit in &mut hits {
        hit.score = scorer.score(hit).map_or(0.0, |score| score.final_score);
    }
    search::rank_questions_last(&mut hits);
    explain::fill_explained(request, user, (hits, Order::Best), |_, event| why_out_of_scope(event, thread_id, None))
}

/// A block as it is answered.
fn shape(block: &Block, event: &Event, score: Option<Score>) -> Value {
    json!({
        "type": if event.kind == "message" { "raw_message" } else { "episode" },
        "content": block.content,
        "source_ids": [event.event_id],
        "evidence": [{ "event_id": event.event_id, "quote": recall::quote(block.content) }],
        "score": crate::json::number(block.hit.score),
        "score_breakdown": score.map(|score| Score { final_score: block.hit.score, ..score }.shape()),
    })
}

fn forget(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    fields.reject_unknown(&["user_id", "thread_id", "from_time", "to_time", "immediate"]);
    let scope = forget::scope(&mut fields);
    let immediate = fields.flag("immediate").unwrap_or(false);
    fields.check()?;
    let audit_id = call.store.ids.next("audit");
    let receipt = if immediate {
        forget::delete_scope(call, scope)?
    } else {
        forget::refuse_if_held(call, &scope)?;
        let receipt_id = call.store.ids.next("rcpt");
        call.store.tombstone(receipt_id, scope, call.now)
    };
    let mut body = json!({
        "receipt_id": receipt.receipt_id,
        "audit_id": audit_id,
        "phase": if immediate { "deleted" } else { "tombstoned" },
        "events_tombstoned": receipt.deleted.events,
    });
    if let (false, Some(body)) = (immediate, body.as_object_mut()) {
        body.insert("grace_expires_at".into(), json!(time::format(receipt.completed_at)));
    }
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
