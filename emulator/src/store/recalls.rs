//! What was recalled lately, so that feedback can say what of it was used.

use super::{Event, Store};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many recalls are remembered.
const LATEST: usize = 1000;

/// A recall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    /// Its identifier.
    pub recall_id: String,
    /// Whose memory was recalled.
    pub user_id: String,
    /// The identifiers it gave to what it recalled, each with that of its source.
    pub facts: Vec<(String, String)>,
    /// Those that were used.
    #[serde(default)]
    pub used: Vec<String>,
}

impl Store {
    /// Remembers a recall; the oldest makes room.
    pub fn add_recall(&mut self, recall: Recall) {
        self.note(|| json!({ "op": "recall", "recall": recall }));
        self.recalls.push_back(recall);
        if self.recalls.len() > LATEST {
            self.recalls.pop_front();
        }
    }

    /// Takes note of what of a recall was used, once for each of its facts, and tells how many of them it knows.
    pub fn add_feedback(&mut self, recall_id: &str, fact_ids: &[String]) -> Option<usize> {
        let recall = self.recalls.iter_mut().find(|recall| recall.recall_id == recall_id)?;
        let known: Vec<&(String, String)> =
            recall.facts.iter().filter(|(fact_id, _)| fact_ids.contains(fact_id)).collect();
        let fresh: Vec<(String, String)> =
            known.iter().filter(|(fact_id, _)| !recall.used.contains(fact_id)).map(|fact| (*fact).clone()).collect();
        let count = known.len();
        recall.used.extend(fresh.iter().map(|(fact_id, _)| fact_id.clone()));
        let user_id = recall.user_id.clone();
        if fresh.is_empty() {
            return Some(count);
        }
        self.note(|| json!({ "op": "feedback", "recall_id": recall_id, "fact_ids": fact_ids }));
        for (_, source_id) in &fresh {
            if let Some(source) = self.source_mut(&user_id, source_id) {
                source.used = source.used.saturating_add(1);
            }
        }
        Some(count)
    }

    fn source_mut(&mut self, user_id: &str, source_id: &str) -> Option<&mut Event> {
        if self.events(user_id).iter().any(|stored| stored.event.event_id == source_id) {
            let mut events = self.users.get_mut(user_id)?.events.iter_mut().map(|stored| &mut stored.event);
            return events.find(|event| event.event_id == source_id);
        }
        self.sections_mut(user_id).find(|section| section.event_id == source_id)
    }
}
