//! The events of one user, and what finds them.

use super::types::{Event, Stored};
use crate::hash::{ByHash, fingerprint};
use crate::index::{Index, Kind, Label};
use std::cell::OnceCell;

/// The events of one user. An event keeps its place, which is its number in the index, until there are more gaps than events.
#[derive(Clone, Debug, Default)]
pub struct User {
    places: Vec<Option<Stored>>,
    index: Index,
    /// Places by the fingerprint of the idempotency key, and of the event's identifier.
    keys: ByHash<u64, u32>,
    ids: ByHash<u64, u32>,
    /// How many events are recalled in some conversations or projects only.
    scoped: usize,
    /// Whether feedback called any of them useful.
    useful: bool,
}

/// Up to so many events are indexed only when they are recalled: most users of a large state are not, and their tables take time.
const UNINDEXED: usize = 500;
/// How many events are indexed with each that is added.
const GAIN: usize = 4;

impl User {
    /// Their index, as far as it was [made](User::make_index). The number of a text in it is the place of an event.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The events, in the order of arrival.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Stored> {
        self.places.iter().flatten()
    }

    /// The events with their places, in the order of arrival.
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

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether some events are recalled in some conversations or projects only.
    pub fn has_scopes(&self) -> bool {
        self.scoped > 0
    }

    /// Whether feedback called any of the events useful.
    pub fn has_useful(&self) -> bool {
        self.useful
    }

    /// For each place whether there is an event that passes.
    pub fn where_each(&self, passes: impl Fn(&Stored) -> bool) -> Vec<bool> {
        self.places.iter().map(|place| place.as_ref().is_some_and(&passes)).collect()
    }

    /// The event that was stored under an idempotency key.
    pub fn of_key(&self, key: &str) -> Option<&Stored> {
        let place = self.keys.get(&fingerprint(key.as_bytes()))?;
        self.at(*place).filter(|stored| stored.event.idempotency_key.as_deref() == Some(key))
    }

    /// An event by its identifier.
    pub fn of_id(&self, event_id: &str) -> Option<&Stored> {
        let place = self.ids.get(&fingerprint(event_id.as_bytes()))?;
        self.at(*place).filter(|stored| stored.event.event_id == event_id)
    }

    /// How often an event was of use, to be counted on.
    pub fn used_mut(&mut self, event_id: &str) -> Option<&mut u32> {
        let place = usize::try_from(*self.ids.get(&fingerprint(event_id.as_bytes()))?).ok()?;
        let event = &mut self.places.get_mut(place)?.as_mut()?.event;
        self.useful = true;
        (event.event_id == event_id).then_some(&mut event.used)
    }

    /// Adds an event.
    pub fn add(&mut self, event: Event, seq: u64) {
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        if let Some(key) = &event.idempotency_key {
            self.keys.insert(fingerprint(key.as_bytes()), place);
        }
        self.ids.insert(fingerprint(event.event_id.as_bytes()), place);
        self.scoped = self.scoped.saturating_add(usize::from(event.scope.is_some()));
        self.useful = self.useful || event.used > 0;
        self.places.push(Some(Stored { event, seq, task: OnceCell::new() }));
    }

    /// Keeps the index up with an event that was just added, and gains on what was added without that.
    pub fn follow(&mut self) {
        if self.index.capacity().0 > 0 || self.is_behind() {
            self.make_index(GAIN);
        }
    }

    /// Whether there are more events to be indexed than are worth it before somebody recalls them.
    pub fn is_behind(&self) -> bool {
        self.places.len().saturating_sub(self.index.capacity().0) > UNINDEXED
    }

    /// Indexes what is not indexed yet, so many events at most.
    pub fn make_index(&mut self, most: usize) {
        let (known, _) = self.index.capacity();
        for place in self.places.iter().skip(known).take(most) {
            match place {
                Some(stored) => self.index.add(&stored.event.content, label(stored)),
                None => self.index.skip(),
            }
        }
    }

    /// Takes events out, with their keys: what was forgotten can be told anew.
    pub fn take(&mut self, which: impl Fn(&Event) -> bool) -> Vec<Stored> {
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

fn label(stored: &Stored) -> Label {
    let event = &stored.event;
    Label {
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
