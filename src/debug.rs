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

/// `claiv-memory: panicked at src/call/mod.rs:10:5:` and the message on a line of its own.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    format!("claiv-memory: {panic}")
}
