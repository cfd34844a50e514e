//! `POST` and `GET /v6/collections`, `GET` and `DELETE /v6/collections/{collection_id}`, and the documents of a collection.

use super::call::{Call, Endpoint, Page, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::{Collection, Member, Store};
use crate::time;
use serde_json::{Value, json};

const ONE: &str = "/v6/collections/{collection_id}";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v6/collections", meter: Meter::Request, open: false, run: create },
    Endpoint { method: "GET", path: "/v6/collections", meter: Meter::Request, open: false, run: list },
    Endpoint { method: "GET", path: ONE, meter: Meter::Request, open: false, run: get },
    Endpoint { method: "DELETE", path: ONE, meter: Meter::Forget, open: false, run: delete },
    Endpoint {
        method: "POST",
        path: "/v6/collections/{collection_id}/documents",
        meter: Meter::Request,
        open: false,
        run: add,
    },
    Endpoint {
        method: "DELETE",
        path: "/v6/collections/{collection_id}/documents/{document_id}",
        meter: Meter::Request,
        open: false,
        run: remove,
    },
];

/// The default `limit` of a list of collections.
const PAGE: i64 = 100;
/// The largest `position` of a document.
pub(super) const LAST: i64 = 2_147_483_647;
/// The `tenant_id` of all collections: the emulator has one tenant.
const TENANT: &str = "emulator";

/// 404 for a collection that does not exist or belongs to another user.
fn missing() -> ApiError {
    ApiError::not_found("There is no such collection.")
}

/// The collection with this id; fails with 404 where it does not belong to this user.
pub(super) fn own<'a>(store: &'a Store, collection_id: &str, user_id: &str) -> Result<&'a Collection, ApiError> {
    store.collection(collection_id).filter(|collection| collection.user_id == user_id).ok_or_else(missing)
}

/// Puts a document into a collection, and returns its position; `None` in an unordered collection where none was given.
pub(super) fn put(
    call: &mut Call,
    mut collection: Collection,
    document_id: String,
    position: Option<i64>,
) -> Option<i64> {
    collection.add(Member { document_id: document_id.clone(), position, added_at: call.now });
    let member = collection.members.iter().find(|member| member.document_id == document_id);
    let position = member.and_then(|member| member.position);
    call.store.put_collection(collection);
    position
}

fn create(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let (user_id, project_id) = (fields.required_text("user_id"), fields.required_text("project_id"));
    let (name, ordered) = (fields.required_text("name"), fields.flag("ordered").unwrap_or(false));
    let given_id = fields.text("collection_id");
    fields.check()?;
    if let Some(there) = given_id.as_ref().and_then(|collection_id| call.store.collection(collection_id)) {
        // A repeated request, for instance after a lost answer, returns the collection that it made the first time.
        let same = (&there.user_id, &there.project_id, &there.name, there.ordered);
        if same != (&user_id, &project_id, &name, ordered) {
            return Err(ApiError::new(409, "conflict", "This collection_id belongs to another collection."));
        }
        return Ok(Reply::of(json!({ "collection": row(there) })));
    }
    let collection = Collection {
        collection_id: given_id.unwrap_or_else(|| call.store.ids.next("col")),
        user_id,
        project_id,
        name,
        ordered,
        created_at: call.now,
        members: Vec::new(),
    };
    let body = json!({ "collection": row(&collection) });
    call.store.put_collection(collection);
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}

/// A collection as it is answered.
fn row(collection: &Collection) -> Value {
    json!({
        "collection_id": collection.collection_id,
        "tenant_id": TENANT,
        "user_id": collection.user_id,
        "project_id": collection.project_id,
        "name": collection.name,
        "ordered": collection.ordered,
        "created_at": time::format(collection.created_at),
        "document_count": collection.members.len(),
    })
}

fn list(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.query_fields();
    let user_id = fields.required_text("user_id");
    let project_id = fields.text("project_id");
    let page = Page::read(&mut fields, PAGE);
    fields.check()?;
    let wanted = |collection: &&Collection| {
        collection.user_id == user_id
            && project_id.as_ref().is_none_or(|project_id| collection.project_id == *project_id)
    };
    let found = call.store.collections().iter().rev().filter(wanted);
    Ok(Reply::of(json!({ "collections": page.of(found).map(row).collect::<Vec<_>>() })))
}

/// The collection that the path names; fails with 404 where it does not belong to the `user_id` of the query.
fn requested<'a>(call: &'a mut Call) -> Result<&'a Collection, ApiError> {
    let mut fields = call.query_fields();
    let user_id = fields.required_text("user_id");
    fields.check()?;
    own(call.store, call.params.first().map_or("", String::as_str), &user_id)
}

fn get(call: &mut Call) -> Result<Reply, ApiError> {
    let collection = requested(call)?.clone();
    let shape = |member: &Member| {
        json!({
            "document_id": member.document_id,
            "document_name": call.store.document(&member.document_id).map(|document| &document.document_name),
            "position": member.position,
            "added_at": time::format(member.added_at),
        })
    };
    let documents: Vec<Value> = collection.members.iter().map(shape).collect();
    Ok(Reply::of(json!({ "collection": row(&collection), "documents": documents })))
}

fn delete(call: &mut Call) -> Result<Reply, ApiError> {
    let collection_id = requested(call)?.collection_id.clone();
    call.store.delete_collection(&collection_id);
    Ok(Reply { body: json!({ "collection_id": collection_id, "deleted": true }), work_units: 1, ..Reply::default() })
}

fn add(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let (document_id, user_id) = (fields.required_text("document_id"), fields.required_text("user_id"));
    let position = fields.integer("position", 0, LAST);
    fields.check()?;
    let collection_id = call.params.first().cloned().unwrap_or_default();
    let collection = own(call.store, &collection_id, &user_id)?.clone();
    let document = call.store.document(&document_id).filter(|document| document.user_id == user_id);
    if document.is_none() {
        return Err(ApiError::not_found("There is no such document."));
    }
    let position = put(call, collection, document_id.clone(), position);
    let body = json!({ "collection_id": collection_id, "document_id": document_id, "position": position });
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}

fn remove(call: &mut Call) -> Result<Reply, ApiError> {
    let [collection_id, document_id] = call.params.as_slice() else {
        return Err(missing());
    };
    let mut collection = call.store.collection(collection_id).ok_or_else(missing)?.clone();
    if !collection.has(document_id) {
        return Err(ApiError::not_found("There is no such document in this collection."));
    }
    collection.members.retain(|member| member.document_id != *document_id);
    let body = json!({ "collection_id": collection_id, "document_id": document_id, "removed": true });
    call.store.put_collection(collection);
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
