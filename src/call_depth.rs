//! How deeply calls are nested: a `fetch` option, a key function or a hook may call the client again, and that call the same function.
//!
//! In a plain async client such a recursion without end uses up the host's stack and gets a RangeError. Here each call begins on an empty
//! stack, so nothing would stop it before the memory is full. So each call knows its depth, and fails beyond a limit.

use std::cell::Cell;
use std::rc::Rc;

/// The deepest that calls may be nested. A program that means to nest them needs one or two levels.
const MAX_DEPTH: u32 = 50;

/// The depth of a call, and the counter that it shares with all calls of its client.
pub(crate) struct CallDepth {
    depth: u32,
    current: Rc<Cell<u32>>,
}

impl CallDepth {
    /// The depth of a call that is made now. None where it is too deep.
    pub(crate) fn of_new_call(current: &Rc<Cell<u32>>) -> Option<CallDepth> {
        let depth = current.get();
        (depth < MAX_DEPTH).then(|| CallDepth { depth, current: Rc::clone(current) })
    }

    /// Runs a function of the caller's. Calls that it makes meanwhile are one level deeper.
    pub(crate) fn deeper<T>(&self, run: impl FnOnce() -> T) -> T {
        let before = self.current.replace(self.depth.wrapping_add(1));
        let result = run();
        self.current.set(before);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_and_what_comes_after_it_is_not_nested() {
        fn chain(current: &Rc<Cell<u32>>) -> u32 {
            match CallDepth::of_new_call(current) {
                Some(call_depth) => call_depth.deeper(|| chain(current)).wrapping_add(1),
                None => 0,
            }
        }
        let current = Rc::default();
        assert_eq!(chain(&current), MAX_DEPTH);
        assert_eq!(current.get(), 0);
        assert_eq!(chain(&current), MAX_DEPTH);
    }
}
