//! What was recalled lately, so that feedback can say what of it was used.

use super::Store;
use super::journal::Change;
use serde::{Deserialize, Serialize};

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
    /// Remembers a recall; the oldest makes room. One that is known is not remembered anew.
    pub fn add_recall(&mut self, recall: Recall) {
        if self.recalls.iter().any(|known| known.recall_id == recall.recall_id) {
            return;
        }
        self.journal.note(&Change::Recall { recall: &recall });
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
        self.journal.note(&Change::Feedback { recall_id, fact_ids });
        for (_, source_id) in &fresh {
            if let Some(used) = self.used_mut(&user_id, source_id) {
                *used = used.saturating_add(1);
            }
        }
        Some(count)
    }

    /// How often an event or a section of a document was of use.
    fn used_mut(&mut self, user_id: &str, source_id: &str) -> Option<&mut u32> {
        let event = self.users.get_mut(user_id).and_then(|user| user.used_mut(source_id));
        event.or_else(|| {
            let mut own = self.documents.iter_mut().filter(|document| document.user_id == user_id);
            own.find_map(|document| document.section_mut(source_id)).map(|section| &mut section.used)
        })
    }
}
