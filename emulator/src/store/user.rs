//! The events of one user, and what finds them.

use super::types::{Event, Stored};
use crate::hash::{ByHash, fingerprint};
use crate::index::Index;
use std::collections::HashMap;

/// The events of one user. An event keeps its place, which is its number in the index, until there are more gaps than events.
#[derive(Clone, Debug, Default)]
pub struct User {
    places: Vec<Option<Stored>>,
    index: Index,
    /// Places by idempotency key.
    keys: HashMap<String, u32>,
    /// Places by the fingerprint of the event's identifier.
    ids: ByHash<u64, u32>,
    /// How many events are recalled in some conversations or projects only.
    scoped: usize,
}

impl User {
    /// Their index. The number of a text in it is the place of an event.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The events, in the order of arrival.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Stored> {
        self.places.iter().flatten()
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

    /// For each place whether there is an event that passes.
    pub fn where_each(&self, passes: impl Fn(&Event) -> bool) -> Vec<bool> {
        self.places.iter().map(|place| place.as_ref().is_some_and(|stored| passes(&stored.event))).collect()
    }

    /// The event that was stored under an idempotency key.
    pub fn of_key(&self, key: &str) -> Option<&Stored> {
        self.keys.get(key).and_then(|place| self.at(*place))
    }

    /// An event by its identifier.
    pub fn of_id(&self, event_id: &str) -> Option<&Stored> {
        let place = self.ids.get(&fingerprint(event_id.as_bytes()))?;
        self.at(*place).filter(|stored| stored.event.event_id == event_id)
    }

    /// An event by its identifier, to be changed in what neither finds nor ranks it.
    pub fn of_id_mut(&mut self, event_id: &str) -> Option<&mut Event> {
        let place = usize::try_from(*self.ids.get(&fingerprint(event_id.as_bytes()))?).ok()?;
        let event = &mut self.places.get_mut(place)?.as_mut()?.event;
        (event.event_id == event_id).then_some(event)
    }

    /// Adds an event.
    pub fn add(&mut self, event: Event, seq: u64) {
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.index.add(&event.content, event.event_time, seq);
        if let Some(key) = &event.idempotency_key {
            self.keys.insert(key.clone(), place);
        }
        self.ids.insert(fingerprint(event.event_id.as_bytes()), place);
        self.scoped = self.scoped.saturating_add(usize::from(event.scope.is_some()));
        let passages = self.index.passages_of(place).len();
        self.places.push(Some(Stored { event, seq, passages }));
    }

    /// Takes events out, with their keys: what was forgotten can be told anew.
    pub fn take(&mut self, which: impl Fn(&Event) -> bool) -> Vec<Stored> {
        let mut gone = Vec::new();
        for (number, place) in (0_u32..).zip(&mut self.places) {
            let Some(stored) = place.take_if(|stored| which(&stored.event)) else { continue };
            self.index.remove(number);
            if let Some(key) = stored.event.idempotency_key.as_ref().filter(|key| self.keys.get(*key) == Some(&number))
            {
                self.keys.remove(key);
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
