//! A service for unit tests. Its clock is a number, and nothing is waited for.

#![allow(clippy::arithmetic_side_effects)]

use crate::http::{Body, Request, Response};
use crate::options::Settings;
use crate::service::Service;
use crate::time;
use serde_json::{Value, json};

/// A service with a clock that a test sets. Its requests have an API key.
pub struct TestService {
    pub inner: Service,
    pub now: i64,
}

/// A response with its parsed body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub response: Response,
}

impl Answer {
    /// A value in the body by JSON pointer; null if there is none.
    pub fn at(&self, pointer: &str) -> Value {
        self.body.pointer(pointer).cloned().unwrap_or_default()
    }

    /// The value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The texts of a list of facts of V6.
    pub fn facts(&self, list: &str) -> Vec<String> {
        let facts = self.body.get(list).and_then(Value::as_array);
        let text = |fact: &Value| fact.get("object_text").and_then(Value::as_str).map(String::from);
        facts.into_iter().flatten().filter_map(text).collect()
    }

    /// The texts of all facts of V6.
    pub fn all_facts(&self) -> Vec<String> {
        ["answer_facts", "supporting_facts", "background_context"].iter().flat_map(|list| self.facts(list)).collect()
    }

    /// A field of each item of a list.
    pub fn each(&self, list: &str, field: &str) -> Vec<Value> {
        let items = self.body.get(list).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(|item| item.get(field)).cloned().collect()
    }

    /// The names of the fields of an object of the body.
    pub fn keys(&self, pointer: &str) -> Vec<String> {
        self.at(pointer).as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
    }

    /// The contents of the blocks of a recall.
    pub fn contents(&self) -> Vec<String> {
        let blocks = self.body.get("memory_blocks").and_then(Value::as_array);
        let content = |block: &Value| block.get("content").and_then(Value::as_str).map(String::from);
        blocks.into_iter().flatten().filter_map(content).collect()
    }
}

/// Parses an instant.
pub fn at(text: &str) -> i64 {
    time::parse(text).unwrap_or_default()
}

/// Sets further fields of an object.
pub fn merge(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}

/// A request with an API key.
pub fn request(method: &str, target: &str, body: Option<&Value>) -> Request {
    let (path, query) = crate::http::split_url(target);
    let body = body.map(|body| crate::json::to_text(body).into_bytes()).unwrap_or_default();
    let headers = vec![("authorization".to_string(), "Bearer test".to_string())];
    Request { method: method.into(), path, query, headers, body: Body::Bytes(body) }
}

impl TestService {
    pub fn new(settings: Settings) -> TestService {
        TestService { inner: Service::new(settings), now: at("2024-03-15T12:00:00Z") }
    }

    /// Sends a request. Delays are skipped; status 0 stands for a dropped connection.
    pub fn send(&mut self, request: &Request) -> Answer {
        let pending = self.inner.begin(request, self.now);
        let own = pending.takes_effect().then(|| {
            let (response, measure) = self.inner.execute(&pending, request, self.now);
            self.inner.count(measure, 5);
            response
        });
        let response = pending.response(own);
        self.inner.end(&pending, response.as_ref(), 5.0);
        let response = response.unwrap_or(Response { status: 0, headers: Vec::new(), body: Vec::new() });
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let body = crate::json::parse(&text).unwrap_or(Value::Null);
        Answer { status: response.status, body, response }
    }

    pub fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(&request("POST", path, Some(&body)))
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.send(&request("GET", target, None))
    }

    /// Ingests a message by V1, and returns the id of the event. Moves the clock on by a second.
    pub fn ingest(&mut self, user_id: &str, content: &str) -> String {
        self.ingest_with(user_id, content, json!({}))
    }

    /// The same with further fields.
    pub fn ingest_with(&mut self, user_id: &str, content: &str, more: Value) -> String {
        let mut body = json!({ "user_id": user_id, "type": "message", "content": content });
        merge(&mut body, more);
        self.now += 1000;
        let answer = self.post("/v1/ingest", body);
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.at("/event_id").as_str().unwrap_or_default().to_string()
    }

    /// Ingests a message of the user `u` by V6, and returns the id of the event. Moves the clock on by a second.
    pub fn ingest_v6(&mut self, conversation_id: &str, content: &str, more: Value) -> String {
        let mut body =
            json!({ "user_id": "u", "type": "message", "content": content, "conversation_id": conversation_id });
        merge(&mut body, more);
        self.now += 1000;
        let answer = self.post("/v6/ingest", body);
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.at("/event_id").as_str().unwrap_or_default().to_string()
    }

    /// Uploads a document of the user `u` in the project `p`.
    pub fn upload(&mut self, document_id: &str, content: &str, more: Value) -> Answer {
        let mut body = json!({ "user_id": "u", "project_id": "p", "content": content });
        merge(&mut body, json!({ "document_id": document_id, "document_name": format!("The {document_id}") }));
        merge(&mut body, more);
        self.now += 1000;
        self.post("/v6/documents", body)
    }

    /// Creates a collection of the user `u` in the project `p`.
    pub fn create_collection(&mut self, collection_id: &str, ordered: bool) -> Answer {
        let body = json!({ "user_id": "u", "project_id": "p", "name": "N", "ordered": ordered, "collection_id": collection_id });
        self.now += 1000;
        self.post("/v6/collections", body)
    }

    pub fn delete(&mut self, target: &str) -> Answer {
        self.send(&request("DELETE", target, None))
    }

    /// Recalls for the user `u` by V6.
    pub fn recall_v6(&mut self, conversation_id: &str, query: &str, more: Value) -> Answer {
        let mut body = json!({ "user_id": "u", "query": query, "conversation_id": conversation_id });
        merge(&mut body, more);
        self.post("/v6/recall", body)
    }

    /// Recalls by V1 with a budget of 8000 tokens.
    pub fn recall(&mut self, user_id: &str, task: &str) -> Answer {
        self.post("/v1/recall", json!({ "user_id": user_id, "task": task, "token_budget": 8000 }))
    }
}

impl Default for TestService {
    fn default() -> Self {
        TestService::new(Settings::default())
    }
}
