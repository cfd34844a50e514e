//! Only in the development build (`claiv-memory/debug`): a panic tells what happened before it ends as a trap.

use std::panic::PanicHookInfo;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // A host may lack the console, and a console may throw: neither may hide the trap.
    #[wasm_bindgen(catch, js_namespace = console, js_name = error)]
    fn console_error(text: &str) -> Result<(), JsValue>;
}

/// Has every panic told.
pub(crate) fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let _ = console_error(&describe(panic));
    }));
}

/// `claiv-memory: panicked at src/call.rs:10:5:` and the message on a line of its own.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    format!("claiv-memory: {panic}")
}

/// The base URL that makes a panic, to see how one is told.
const PANIC: &str = "debug:panic";

/// Panics where the base URL asks for it.
#[allow(clippy::panic, reason = "it is what was asked for, and only in the development build")]
pub(crate) fn panic_where_asked(base_url: &JsValue) {
    if base_url.as_string().is_some_and(|url| url == PANIC) {
        panic!("as the base URL {PANIC} asks for");
    }
}
