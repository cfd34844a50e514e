//! The order of a batch: which event is next. The events of a thread run one after the other.

use js_sys::{Array, JsString, Map};
use wasm_bindgen::prelude::*;

use crate::host::Name;

/// The events of a batch that have not begun. Collections that grow with the batch are JavaScript's, since wasm's memory never shrinks.
pub(super) struct Queue {
    /// Shared with the batch, which replaces an event that has settled by its result.
    events: Array,
    /// The field that names a thread.
    thread: Name,
    /// The first event that has not been looked at.
    next: u32,
    /// The last event that was looked at of each thread in which one is running.
    last: Map,
    /// At the index of an event, the index of the one that waits for it.
    followers: Array,
    /// Events whose predecessor in their thread has ended. They start first, as they usually come earlier in the input.
    ready: Vec<u32>,
}

/// An event that is to be sent now.
pub(super) struct Taken {
    pub(super) index: u32,
    pub(super) event: JsValue,
    /// None for an event outside of any thread.
    pub(super) thread: Option<JsString>,
}

impl Queue {
    pub(super) fn new(events: Array, thread: Name) -> Queue {
        Queue { events, thread, next: 0, last: Map::new(), followers: Array::new(), ready: Vec::new() }
    }

    /// True while there is an event to look at, or one that may start.
    pub(super) fn has_more(&self) -> bool {
        !self.ready.is_empty() || self.next < self.events.length()
    }

    /// Takes the next event. None where it has to wait for the one before it in its thread, or where there is none.
    pub(super) fn take(&mut self) -> Option<Taken> {
        if let Some(index) = self.ready.pop() {
            let event = self.events.get(index);
            return Some(Taken { index, thread: thread_of(&event, self.thread), event });
        }
        let index = self.next;
        if index >= self.events.length() {
            return None;
        }
        self.next = index.wrapping_add(1);
        let event = self.events.get(index);
        let thread = thread_of(&event, self.thread);
        if let Some(thread) = &thread {
            let before = self.last.get(thread).as_f64();
            self.last.set(thread, &index.into());
            if let Some(before) = before {
                self.followers.set(before as u32, index.into());
                return None;
            }
        }
        Some(Taken { index, event, thread })
    }

    /// An event has ended: the next of its thread may start.
    pub(super) fn end(&mut self, index: u32, thread: Option<JsString>) {
        if let Some(follower) = self.followers.get(index).as_f64() {
            self.ready.push(follower as u32);
        } else if let Some(thread) = thread {
            self.last.delete(&thread);
        }
    }
}

/// The key of an event's thread: user id, NUL, thread id. None for an event outside of any thread.
fn thread_of(event: &JsValue, thread: Name) -> Option<JsString> {
    let user = Name::UserId.get(event).dyn_into::<JsString>().ok()?;
    let thread = thread.get(event).dyn_into::<JsString>().ok()?;
    Some(user.concat(&JsValue::from_str("\0")).concat(&thread))
}
