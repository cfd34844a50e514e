//! Only in the development build (`claiv-memory/debug`): a panic is logged to the console before it ends as a trap.

use std::panic::PanicHookInfo;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // `catch`, since a host may have no console, or one that throws.
    #[wasm_bindgen(catch, js_namespace = console, js_name = error)]
    fn console_error(text: &str) -> Result<(), JsValue>;
}

/// Logs every panic.
pub(crate) fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let _ = console_error(&describe(panic));
    }));
}

/// `claiv-memory: panicked at src/call.rs:10:5:` and the message on a line of its own.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    format!("claiv-memory: {panic}")
}

/// The base URL that makes the constructor panic, for tests of this file.
const PANIC: &str = "debug:panic";

/// Panics where the base URL is the one for that.
#[allow(clippy::panic, reason = "it is what was asked for, and only in the development build")]
pub(crate) fn panic_where_asked(base_url: &JsValue) {
    if base_url.as_string().is_some_and(|url| url == PANIC) {
        panic!("as the base URL {PANIC} asks for");
    }
}
