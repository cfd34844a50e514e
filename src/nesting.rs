//! Calls that a caller's own function makes while the client calls it: a `fetch` option or a hook that calls the client again.
//!
//! In a plain async client such a chain without end uses up the host's stack and gets a RangeError. Here each call begins in a turn of
//! its own, so nothing would stop it: it would fill the memory. So each call knows how deep it is, and beyond a limit it fails.

use std::cell::Cell;
use std::rc::Rc;

/// The deepest that calls may be nested. Nobody nests them on purpose by more than one or two.
const DEEPEST: u32 = 50;

/// How deep a call is, and the counter that it shares with all calls of its client.
pub(crate) struct Nesting {
    depth: u32,
    running: Rc<Cell<u32>>,
}

impl Nesting {
    /// The nesting of a call that is made now. None where it is too deep.
    pub(crate) fn of_new_call(running: &Rc<Cell<u32>>) -> Option<Nesting> {
        let depth = running.get();
        (depth < DEEPEST).then(|| Nesting { depth, running: Rc::clone(running) })
    }

    /// Runs a function of the caller's: calls that it makes are one deeper.
    pub(crate) fn within<T>(&self, run: impl FnOnce() -> T) -> T {
        let before = self.running.replace(self.depth.wrapping_add(1));
        let result = run();
        self.running.set(before);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_and_what_comes_after_it_is_not_nested() {
        fn chain(running: &Rc<Cell<u32>>) -> u32 {
            match Nesting::of_new_call(running) {
                Some(nesting) => nesting.within(|| chain(running)).wrapping_add(1),
                None => 0,
            }
        }
        let running = Rc::default();
        assert_eq!(chain(&running), DEEPEST);
        assert_eq!(running.get(), 0);
        assert_eq!(chain(&running), DEEPEST);
    }
}
