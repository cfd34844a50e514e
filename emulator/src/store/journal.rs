//! The changes since they were last taken, as lines of JSON.

use super::written::Change;
use std::collections::BTreeSet;

/// The recorded changes. Nothing is recorded unless the journal is enabled.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    enabled: bool,
    /// A line for each change, without those of counters.
    lines: String,
    /// Whether there are changes that must be saved before a request is answered.
    durable_changes: bool,
    /// The counters that changed, as day and endpoint.
    pub counted: BTreeSet<(i64, String)>,
}

impl Journal {
    /// An empty journal.
    pub fn new(enabled: bool) -> Self {
        Journal { enabled, ..Journal::default() }
    }

    /// Whether changes are recorded.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Whether something other than usage counters and remembered recalls has changed.
    pub fn has_durable_changes(&self) -> bool {
        self.durable_changes
    }

    /// Records a change.
    pub fn record(&mut self, change: &Change) {
        if !self.enabled {
            return;
        }
        self.durable_changes = self.durable_changes || !matches!(change, Change::Recall { .. });
        // A reset or a whole state includes the counters.
        if matches!(change, Change::Reset | Change::State { .. }) {
            self.counted.clear();
        }
        self.lines.push_str(&crate::json::write(change));
        self.lines.push('\n');
    }

    /// Records that a counter changed.
    pub fn count(&mut self, day: i64, endpoint: &str) {
        if self.enabled {
            self.counted.insert((day, endpoint.to_string()));
        }
    }

    /// Takes the lines; those of counters are not among them.
    pub fn take(&mut self) -> String {
        self.durable_changes = false;
        std::mem::take(&mut self.lines)
    }
}
