//! Collections of documents.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, QueryArg, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind};

// With an id of the caller's there is one such collection, however often it is made; without one each run makes another.
static CREATE: Endpoint = Endpoint::post(
    "/v6/collections",
    Replay::ByField(Name::CollectionId),
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::required(Name::ProjectId, Kind::Text),
        Field::required(Name::NameField, Kind::Text),
        Field::optional(Name::Ordered, Kind::Flag),
        Field::optional(Name::CollectionId, Kind::Text),
    ],
);

static LIST: Endpoint = Endpoint::get("/v6/collections").query(&[
    Field::required(Name::UserId, Kind::Text),
    Field::optional(Name::Limit, Kind::Limit).default("100"),
    Field::optional(Name::Offset, Kind::Count).default("0"),
    Field::optional(Name::ProjectId, Kind::Text),
]);

const OF_USER: QueryArg = QueryArg { name: "userId", field: Name::UserId, kind: Kind::Text, default: None };

static GET: Endpoint = Endpoint::get("/v6/collections/{collectionId}").query_arg(OF_USER);
static DELETE: Endpoint = Endpoint::delete("/v6/collections/{collectionId}").query_arg(OF_USER);

// A second run could answer that the document is in there already, in place of the first one's success.
static ADD: Endpoint = Endpoint::post(
    "/v6/collections/{collectionId}/documents",
    Replay::Never,
    &[
        Field::required(Name::DocumentId, Kind::Text),
        Field::required(Name::UserId, Kind::Text),
        Field::optional(Name::Position, Kind::Count),
    ],
);

static REMOVE: Endpoint = Endpoint::delete("/v6/collections/{collectionId}/documents/{documentId}");

#[wasm_bindgen]
impl ClaivClient {
    /// Makes a collection of documents. `POST /v6/collections`
    ///
    /// Without a `collection_id` a transport failure is not retried: there could be two collections then.
    #[wasm_bindgen(js_name = createCollection, unchecked_return_type = "Promise<CollectionCreateResponse>")]
    pub fn create_collection(
        &self,
        #[wasm_bindgen(unchecked_param_type = "CollectionCreateRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&CREATE, request, options)
    }

    /// Lists a user's collections, a page at a time. `GET /v6/collections`
    ///
    /// @param request - whose, of which project, how many, and how many to pass over
    #[wasm_bindgen(js_name = listCollections, unchecked_return_type = "Promise<CollectionListResponse>")]
    pub fn list_collections(
        &self,
        #[wasm_bindgen(unchecked_param_type = "CollectionListRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&LIST, request, options)
    }

    /// Fetches a collection and the list of its documents. `GET /v6/collections/{collectionId}`
    ///
    /// @param userId - whose collection it is
    /// @throws ClaivNotFoundError when there is no such collection
    #[wasm_bindgen(js_name = getCollection, unchecked_return_type = "Promise<CollectionGetResponse>")]
    pub fn get_collection(
        &self,
        #[wasm_bindgen(js_name = collectionId, unchecked_param_type = "string")] collection_id: JsValue,
        #[wasm_bindgen(js_name = userId, unchecked_param_type = "string")] user_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&GET, [collection_id, user_id], JsValue::UNDEFINED, options)
    }

    /// Deletes a collection, and none of the documents in it. `DELETE /v6/collections/{collectionId}`
    ///
    /// A transport failure is not retried: the answer to a second run would be that there is no such collection.
    ///
    /// @param userId - whose collection it is
    /// @throws ClaivNotFoundError when there is no such collection
    #[wasm_bindgen(js_name = deleteCollection, unchecked_return_type = "Promise<CollectionDeleteResponse>")]
    pub fn delete_collection(
        &self,
        #[wasm_bindgen(js_name = collectionId, unchecked_param_type = "string")] collection_id: JsValue,
        #[wasm_bindgen(js_name = userId, unchecked_param_type = "string")] user_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&DELETE, [collection_id, user_id], JsValue::UNDEFINED, options)
    }

    /// Adds a document to a collection. `POST /v6/collections/{collectionId}/documents`
    ///
    /// A transport failure is not retried: `getCollection` tells whether it was added.
    #[wasm_bindgen(js_name = addDocumentToCollection, unchecked_return_type = "Promise<CollectionAddDocumentResponse>")]
    pub fn add_document_to_collection(
        &self,
        #[wasm_bindgen(js_name = collectionId, unchecked_param_type = "string")] collection_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "CollectionAddDocumentRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&ADD, [collection_id, JsValue::UNDEFINED], request, options)
    }

    /// Takes a document out of a collection; the document stays. `DELETE /v6/collections/{collectionId}/documents/{documentId}`
    ///
    /// A transport failure is not retried: `getCollection` tells whether it was taken out.
    #[wasm_bindgen(js_name = removeDocumentFromCollection, unchecked_return_type = "Promise<CollectionRemoveDocumentResponse>")]
    pub fn remove_document_from_collection(
        &self,
        #[wasm_bindgen(js_name = collectionId, unchecked_param_type = "string")] collection_id: JsValue,
        #[wasm_bindgen(js_name = documentId, unchecked_param_type = "string")] document_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&REMOVE, [collection_id, document_id], JsValue::UNDEFINED, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("collections.d.ts");
