//! The events of one user, with their index.

use super::types::{Event, Stored};
use crate::hash::{HashKeyed, fingerprint};
use crate::index::{Attributes, Index, Kind};
use std::cell::OnceCell;

/// The events of one user.
///
/// Each event has a place, which is also its number in the index. Removed events leave gaps; once there are more gaps than events, all places
/// are given anew and the index is rebuilt.
#[derive(Clone, Debug, Default)]
pub struct User {
    places: Vec<Option<Stored>>,
    index: Index,
    /// Places by the fingerprint of the idempotency key.
    keys: HashKeyed<u64, u32>,
    /// Places by the fingerprint of the event's id.
    ids: HashKeyed<u64, u32>,
    /// How many events have a scope, so that they are not recalled everywhere.
    scoped: usize,
    /// Whether feedback named any event as used.
    has_used_events: bool,
}

/// Up to this many events are left unindexed until a recall: of a large state most users are never recalled, and building the index of each
/// takes time.
const MAX_BACKLOG: usize = 500;
/// How many events are indexed whenever one is added; more than one, so that a backlog shrinks.
const EVENTS_PER_ADD: usize = 4;

impl User {
    /// The index, as far as it was [built](User::build_index). The number of a text in it is the place of an event.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The events, in the order in which they were stored.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Stored> {
        self.places.iter().flatten()
    }

    /// The events with their places, in the order in which they were stored.
    pub fn placed(&self) -> impl DoubleEndedIterator<Item = (u32, &Stored)> {
        let places = self.places.iter().enumerate();
        places.filter_map(|(place, stored)| Some((u32::try_from(place).ok()?, stored.as_ref()?)))
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The event at a place.
    pub fn at(&self, place: u32) -> Option<&Stored> {
        usize::try_from(place).ok().and_then(|place| self.places.get(place)).and_then(Option::as_ref)
    }

    /// Whether there are no events.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether any event has a scope, so that it is not recalled everywhere.
    pub fn has_scopes(&self) -> bool {
        self.scoped > 0
    }

    /// Whether feedback named any event as used.
    pub fn has_used_events(&self) -> bool {
        self.has_used_events
    }

    /// For each place whether there is an event that passes the test.
    pub fn mask(&self, passes: impl Fn(&Stored) -> bool) -> Vec<bool> {
        self.places.iter().map(|place| place.as_ref().is_some_and(&passes)).collect()
    }

    /// The event that was stored under an idempotency key.
    pub fn by_idempotency_key(&self, key: &str) -> Option<&Stored> {
        let place = self.keys.get(&fingerprint(key.as_bytes()))?;
        self.at(*place).filter(|stored| stored.event.idempotency_key.as_deref() == Some(key))
    }

    /// The event with this id.
    pub fn by_id(&self, event_id: &str) -> Option<&Stored> {
        let place = self.ids.get(&fingerprint(event_id.as_bytes()))?;
        self.at(*place).filter(|stored| stored.event.event_id == event_id)
    }

    /// The counter of uses of the event with this id.
    pub fn used_mut(&mut self, event_id: &str) -> Option<&mut u32> {
        let place = usize::try_from(*self.ids.get(&fingerprint(event_id.as_bytes()))?).ok()?;
        let event = &mut self.places.get_mut(place)?.as_mut()?.event;
        self.has_used_events = true;
        (event.event_id == event_id).then_some(&mut event.used)
    }

    /// Adds an event, without indexing it. `seq` is its position in the order in which everything was stored.
    pub fn add(&mut self, event: Event, seq: u64) {
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        if let Some(key) = &event.idempotency_key {
            self.keys.insert(fingerprint(key.as_bytes()), place);
        }
        self.ids.insert(fingerprint(event.event_id.as_bytes()), place);
        self.scoped = self.scoped.saturating_add(usize::from(event.scope.is_some()));
        self.has_used_events = self.has_used_events || event.used > 0;
        self.places.push(Some(Stored { event, seq, todo_state: OnceCell::new() }));
    }

    /// Indexes some events after one was added, if the user is indexed at all or has enough events for it.
    pub fn index_some(&mut self) {
        if self.index.added().0 > 0 || self.has_index_backlog() {
            self.build_index(EVENTS_PER_ADD);
        }
    }

    /// Whether so many events are not indexed yet that indexing should not be left to the next recall.
    pub fn has_index_backlog(&self) -> bool {
        self.places.len().saturating_sub(self.index.added().0) > MAX_BACKLOG
    }

    /// Indexes at most this many of the events that are not indexed yet.
    pub fn build_index(&mut self, most: usize) {
        let (known, _) = self.index.added();
        for place in self.places.iter().skip(known).take(most) {
            match place {
                Some(stored) => self.index.add(&stored.event.content, attributes(stored)),
                None => self.index.add_removed(),
            }
        }
    }

    /// Removes the events that pass the test with their idempotency keys, which can then be used again, and returns the events.
    pub fn remove_events(&mut self, which: impl Fn(&Event) -> bool) -> Vec<Stored> {
        let mut gone = Vec::new();
        for (number, place) in (0_u32..).zip(&mut self.places) {
            let Some(stored) = place.take_if(|stored| which(&stored.event)) else { continue };
            self.index.remove(number);
            let key = stored.event.idempotency_key.as_ref().map(|key| fingerprint(key.as_bytes()));
            if let Some(key) = key.filter(|key| self.keys.get(key) == Some(&number)) {
                self.keys.remove(&key);
            }
            self.ids.remove(&fingerprint(stored.event.event_id.as_bytes()));
            self.scoped = self.scoped.saturating_sub(usize::from(stored.event.scope.is_some()));
            gone.push(stored);
        }
        if self.index.is_sparse() {
            let left = std::mem::take(self);
            for stored in left.places.into_iter().flatten() {
                self.add(stored.event, stored.seq);
            }
        }
        gone
    }
}

/// What the index needs to know of an event.
fn attributes(stored: &Stored) -> Attributes {
    let event = &stored.event;
    Attributes {
        time: event.event_time,
        seq: stored.seq,
        thread: event.thread_id.as_deref().map_or(0, |thread_id| fingerprint(thread_id.as_bytes())),
        kind: match event.kind.as_str() {
            "message" => Kind::Message,
            "tool_call" => Kind::ToolCall,
            _ => Kind::Other,
        },
    }
}
