//! Health: whether the API can be reached.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::Endpoint;

static HEALTH: Endpoint = Endpoint::get("/healthz").without_key();

#[wasm_bindgen]
impl ClaivClient {
    /// Asks whether the API can be reached. Sends no key. `GET /healthz`
    #[wasm_bindgen(js_name = healthCheck, unchecked_return_type = "Promise<HealthResponse>")]
    pub fn health_check(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&HEALTH, JsValue::UNDEFINED, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What `healthCheck` answers. */
export interface HealthResponse {
  ok: boolean;
}
"#;
