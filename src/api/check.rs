//! `check`: whether a request would be sent.

use wasm_bindgen::prelude::*;

use super::{v1, v3, v6};
use crate::client::ClaivClient;
use crate::endpoint::Endpoint;
use crate::error::{self, Failure};
use crate::host::short_text;
use crate::request::Arguments;
use crate::rules::{FieldPath, Issues};

/// The endpoints whose requests can be checked: those that an outbox stores and sends later. By names that mean the same in `claiv-memory` and `claiv-memory/v6`.
static CHECKED: [(&str, &Endpoint); 5] = [
    ("ingestV1", &v1::INGEST),
    ("ingestV3", &v3::INGEST),
    ("ingestV6", &v6::INGEST),
    ("forgetV1", &v1::FORGET),
    ("forgetV6", &v6::FORGET),
];

#[wasm_bindgen]
impl ClaivClient {
    /// Its declaration is below.
    #[wasm_bindgen(skip_typescript)]
    pub fn check(&self, method: JsValue, request: JsValue, options: JsValue) -> Result<(), JsValue> {
        self.checked(&method, request, &options).map_err(Failure::into_js_unsent)
    }
}

impl ClaivClient {
    fn checked(&self, method: &JsValue, request: JsValue, options: &JsValue) -> Result<(), Failure> {
        let name = short_text(method);
        let Some((_, endpoint)) = CHECKED.iter().find(|(checked, _)| *checked == name) else {
            let mut issues = Issues::default();
            issues.add_expected(
                FieldPath::text("method"),
                "one of \"ingestV1\", \"ingestV3\", \"ingestV6\", \"forgetV1\", \"forgetV6\"",
                method,
            );
            return Err(error::validation("Nothing was checked", issues));
        };
        self.prepare(endpoint, &Arguments::of(request), options).map(drop)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The requests that `check` takes, by method. The names have a version, so they mean the same in `claiv-memory` and `claiv-memory/v6`. */
export interface CheckedRequests {
  ingestV1: IngestRequest;
  ingestV3: V3IngestRequest;
  ingestV6: V6IngestRequest;
  forgetV1: ForgetRequest;
  forgetV6: V6ForgetRequest;
}

export interface ClaivClient {
  /**
   * Checks a request as the method would before it sends it. Sends nothing.
   *
   * @param method - the method that the request is meant for
   * @throws ClaivValidationError naming every fault; ClaivError when the client is closed
   * @example
   * claiv.check("ingestV1", { user_id: "user-123", type: "message", content: "I moved to Lisbon" });
   */
  check<M extends keyof CheckedRequests>(method: M, request: CheckedRequests[M], options?: CallOptions): void;
}
"#;
