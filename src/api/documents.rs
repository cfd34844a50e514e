//! Documents: texts that are parsed into sections and recalled from.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind};

// A second upload with the same id replaces the first; without an id it would be another document.
static UPLOAD: Endpoint = Endpoint::post(
    "/v6/documents",
    Replay::ByField(Name::DocumentId),
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::required(Name::Content, Kind::Content),
        Field::required(Name::DocumentName, Kind::Text),
        Field::required(Name::ProjectId, Kind::Text),
        Field::optional(Name::DocumentId, Kind::Text),
        Field::optional(Name::CollectionId, Kind::Text),
        Field::optional(Name::Position, Kind::Count),
    ],
);

static LIST: Endpoint = Endpoint::get("/v6/documents").query(&[
    Field::required(Name::UserId, Kind::Text),
    Field::optional(Name::Limit, Kind::Limit).default("20"),
    Field::optional(Name::Offset, Kind::Count).default("0"),
    Field::optional(Name::ProjectId, Kind::Text),
    Field::optional(Name::CollectionId, Kind::Text),
]);

static DELETE: Endpoint = Endpoint::delete("/v6/documents/{documentId}");

#[wasm_bindgen]
impl ClaivClient {
    /// Uploads a document: plain text or Markdown, up to 5 MB. `POST /v6/documents`
    ///
    /// It is parsed at once and distilled later; `listDocuments` tells when it is ready. An upload with the `document_id` of an
    /// earlier one replaces that. Without a `document_id` a transport failure is not retried: there could be two documents then.
    ///
    /// @returns the document's id and its sections
    /// @throws ClaivError; ClaivValidationError before anything is sent
    #[wasm_bindgen(js_name = uploadDocument, unchecked_return_type = "Promise<DocumentUploadResponse>")]
    pub fn upload_document(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DocumentUploadRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&UPLOAD, request, options)
    }

    /// Lists a user's documents, a page at a time. `GET /v6/documents`
    ///
    /// @param request - whose, of which project or collection, how many, and how many to pass over
    #[wasm_bindgen(js_name = listDocuments, unchecked_return_type = "Promise<DocumentListResponse>")]
    pub fn list_documents(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DocumentListRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&LIST, request, options)
    }

    /// Deletes a document, with all that was made of it. `DELETE /v6/documents/{documentId}`
    ///
    /// A transport failure is not retried: the answer to a second run would be that there is no such document.
    ///
    /// @throws ClaivNotFoundError when there is no such document
    #[wasm_bindgen(js_name = deleteDocument, unchecked_return_type = "Promise<DocumentDeleteResponse>")]
    pub fn delete_document(
        &self,
        #[wasm_bindgen(js_name = documentId, unchecked_param_type = "string")] document_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&DELETE, [document_id, JsValue::UNDEFINED], JsValue::UNDEFINED, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("documents.d.ts");
