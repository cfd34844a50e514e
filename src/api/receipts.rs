//! Deletion receipts: proof of what was forgotten.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::Endpoint;
use crate::host::Name;
use crate::rules::{Field, Kind};

static LIST: Endpoint = Endpoint::get("/v1/deletion-receipts").query(&[
    Field::optional(Name::Limit, Kind::Limit).default("20"),
    Field::optional(Name::Offset, Kind::Count).default("0"),
    Field::optional(Name::UserId, Kind::Text),
]);

static GET: Endpoint = Endpoint::get("/v1/deletion-receipts/{receiptId}");

#[wasm_bindgen]
impl ClaivClient {
    /// Lists deletion receipts, newest first, a page at a time. `GET /v1/deletion-receipts`
    ///
    /// @param request - whose receipts (default: everybody's), how many, and how many to pass over
    #[wasm_bindgen(js_name = listDeletionReceipts, unchecked_return_type = "Promise<ListDeletionReceiptsResponse>")]
    pub fn list_deletion_receipts(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ListDeletionReceiptsRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&LIST, request, options)
    }

    /// Fetches one deletion receipt. `GET /v1/deletion-receipts/{receiptId}`
    ///
    /// @param receiptId - as a deletion gave it
    /// @throws ClaivNotFoundError when there is no such receipt
    #[wasm_bindgen(js_name = getDeletionReceipt, unchecked_return_type = "Promise<DeletionReceipt>")]
    pub fn get_deletion_receipt(
        &self,
        #[wasm_bindgen(js_name = receiptId, unchecked_param_type = "string")] receipt_id: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&GET, [receipt_id, JsValue::UNDEFINED], JsValue::UNDEFINED, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface ClaivClient {
  /**
   * All deletion receipts, one after the other: `listDeletionReceipts` as often as it takes, a page when its first item is asked for. `limit` is the size of
   * a page, `offset` where it begins. Each page is a call of its own; an abort ends it before the next item.
   *
   * @example
   * for await (const receipt of claiv.deletionReceipts()) console.log(receipt.receipt_id);
   */
  deletionReceipts(request?: ListDeletionReceiptsRequest, options?: CallOptions): AsyncIterableIterator<DeletionReceipt>;
}

/** Which receipts to list. */
export interface ListDeletionReceiptsRequest {
  /** Only this user's. */
  user_id?: string | undefined;
  /** How many at most: a whole number, 1 or more. Default: 20. */
  limit?: number | undefined;
  /** How many to pass over: a whole number, 0 or more. Default: 0. */
  offset?: number | undefined;
}

/** What a deletion covered. */
export interface DeletionScope {
  user_id: string;
  thread_id?: string | null;
  /** Of a deletion by `forgetV6`. */
  conversation_id?: string | null;
  /** Of a deletion by `forgetV6`. */
  project_id?: string | null;
  from_time?: string | null;
  to_time?: string | null;
}

/** Proof of a deletion. */
export interface DeletionReceipt {
  receipt_id: string;
  scope: DeletionScope;
  /** ISO 8601. */
  requested_at: string;
  /** ISO 8601; null while the deletion goes on. */
  completed_at: string | null;
  deleted_counts: DeletedCounts;
}

/** A page of receipts. */
export interface ListDeletionReceiptsResponse {
  receipts: DeletionReceipt[];
  /** How many there are in all. */
  total: number;
  limit: number;
  offset: number;
}
"#;
