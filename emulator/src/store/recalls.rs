//! The latest recalls, which feedback refers to.

use super::memory::Store;
use super::types::Recall;
use super::written::Change;

/// How many recalls are remembered.
const MAX_RECALLS: usize = 1000;

impl Store {
    /// Remembers a recall, unless it is known already. The oldest is dropped where there are too many.
    pub fn add_recall(&mut self, recall: Recall) {
        if self.recalls.iter().any(|known| known.recall_id == recall.recall_id) {
            return;
        }
        self.journal.record(&Change::Recall { recall: &recall });
        self.recalls.push_back(recall);
        if self.recalls.len() > MAX_RECALLS {
            self.recalls.pop_front();
        }
    }

    /// Stores feedback: counts each fact of the recall that was used, once. Returns how many of the ids are facts of the recall, or `None` where
    /// the recall is not remembered.
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
        self.journal.record(&Change::Feedback { recall_id, fact_ids });
        for (_, source_id) in &fresh {
            if let Some(used) = self.used_mut(&user_id, source_id) {
                *used = used.saturating_add(1);
            }
        }
        Some(count)
    }

    /// The counter of uses of an event or a section.
    fn used_mut(&mut self, user_id: &str, source_id: &str) -> Option<&mut u32> {
        let event = self.users.get_mut(user_id).and_then(|user| user.used_mut(source_id));
        event.or_else(|| {
            let mut own = self.documents.iter_mut().filter(|document| document.user_id == user_id);
            own.find_map(|document| document.section_mut(source_id)).map(|section| &mut section.used)
        })
    }
}
