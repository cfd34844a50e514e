//! Health: whether the API can be reached.

use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::Endpoint;
use crate::platform::names::Name;
use crate::platform::value::Val;

static HEALTH: Endpoint = Endpoint::get(Name::Healthz).open();

#[wasm_bindgen]
impl ClaivClient {
    /// Asks whether the API can be reached. Sends no key. `GET /healthz`
    #[wasm_bindgen(js_name = healthCheck, unchecked_return_type = "Promise<HealthResponse>")]
    pub fn health_check(&self, #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: Val) -> Val {
        self.call(&HEALTH, Val::UNDEFINED, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What `healthCheck` answers. */
export interface HealthResponse {
  ok: boolean;
}
"#;
