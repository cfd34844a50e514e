//! Routes a request to its endpoint, and makes a response of the result.

use crate::api::{self, Call, Endpoint, Reply};
use crate::auth;
use crate::errors::ApiError;
use crate::http::{self, Body, Request, Response};
use crate::meter::Meter;
use crate::options::Settings;
use crate::store::{Counters, Store};
use crate::time;
use serde_json::Value;
use std::sync::LazyLock;

/// The usage of a request, which is counted once its duration is known.
#[derive(Clone, Debug)]
pub struct UsageRecord {
    day: i64,
    endpoint: String,
    counters: Counters,
}

impl UsageRecord {
    /// Adds the usage to the counters.
    pub fn count(mut self, store: &mut Store, latency_ms: u64) {
        self.counters.latency_ms = latency_ms;
        store.count(self.day, &self.endpoint, self.counters);
    }
}

/// Answers a request. Returns its usage as well, unless it is not counted.
pub fn answer(
    request: &Request,
    store: &mut Store,
    settings: &Settings,
    request_id: &str,
    now: i64,
) -> (Response, Option<UsageRecord>) {
    if request.method == "OPTIONS" {
        return (preflight(request, request_id), None);
    }
    let found = route(request);
    let mut result = match &found {
        Err(error) => Err(error.clone()),
        Ok((endpoint, params)) => execute(endpoint, params.clone(), request, store, settings, now, false),
    };
    let status = result.as_ref().map_or_else(|error| error.status, |_| 200);
    let response = match &mut result {
        Ok(reply) => match reply.text.take() {
            Some(text) => send(200, text, &[], request_id),
            None => respond(200, &reply.body, &[], request_id),
        },
        Err(error) => respond(error.status, &error.body(request_id), &error.headers, request_id),
    };
    // A request without a valid key is not counted: it belongs to no account.
    let endpoint =
        found.ok().map(|(endpoint, _)| endpoint).filter(|endpoint| endpoint.meter != Meter::None && status != 401);
    let measure = endpoint.map(|endpoint| usage_of(endpoint, request, &response, &result, now));
    (response, measure)
}

/// Answers a request without a trace: it is not counted, not limited by the quota, and no recall is remembered.
pub fn dry_run(request: &Request, store: &mut Store, settings: &Settings, now: i64) -> Result<Reply, ApiError> {
    let (endpoint, params) = route(request)?;
    execute(endpoint, params, request, store, settings, now, true)
}

/// The endpoints by path.
static ROUTES: LazyLock<matchit::Router<Vec<&'static Endpoint>>> = LazyLock::new(|| {
    let mut paths: Vec<&'static str> = api::endpoints().map(|endpoint| endpoint.path).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut routes = matchit::Router::new();
    for path in paths {
        // An error means that two paths are equal but for the names of parameters; a test checks that each endpoint is found.
        let _ = routes.insert(path, api::endpoints().filter(|endpoint| endpoint.path == path).collect());
    }
    routes
});

/// The endpoint of a request, with the decoded parameters of the path; 404 or 405 where there is none.
fn route(request: &Request) -> Result<(&'static Endpoint, Vec<String>), ApiError> {
    let Ok(found) = ROUTES.at(&request.path) else {
        let path = crate::json::encode_plain(request.path.clone());
        return Err(ApiError::not_found(format!("There is nothing at {path}.")));
    };
    let mut matching = found.value.iter();
    let Some(endpoint) = matching.find(|endpoint| endpoint.method == request.method) else {
        let mut allowed: Vec<&str> = found.value.iter().map(|endpoint| endpoint.method).collect();
        allowed.push("OPTIONS");
        let mut error = ApiError::new(405, "method_not_allowed", format!("{} is not allowed here.", request.method));
        // RFC 9110 §15.5.6: a 405 response has an Allow field.
        error.headers.push(("allow".into(), allowed.join(", ")));
        return Err(error);
    };
    // Decoded after the path was split, so that an encoded slash does not end a segment.
    let params = found.params.iter().map(|(_, value)| http::percent_decode(value)).collect();
    Ok((endpoint, params))
}

/// Checks the key, the size of the body and the quota, then calls the handler.
fn execute(
    endpoint: &Endpoint,
    params: Vec<String>,
    request: &Request,
    store: &mut Store,
    settings: &Settings,
    now: i64,
    is_dry_run: bool,
) -> Result<Reply, ApiError> {
    if !endpoint.open {
        auth::authenticate(request, settings.api_keys.as_deref())?;
    }
    let Body::Bytes(body) = &request.body else {
        let message = format!("The body is larger than {} bytes.", settings.max_body_bytes);
        return Err(ApiError::too_large(message));
    };
    if !is_dry_run {
        settings.quota.check(endpoint.meter, &store.usage, now)?;
    }
    (endpoint.run)(&mut Call { store, settings, now, params, query: request.query_pairs(), body, is_dry_run })
}

/// The usage of a request that was answered.
fn usage_of(
    endpoint: &Endpoint,
    request: &Request,
    response: &Response,
    result: &Result<Reply, ApiError>,
    now: i64,
) -> UsageRecord {
    let kind = |meter: Meter| u64::from(endpoint.meter == meter);
    let done = result.as_ref().ok();
    let counters = Counters {
        requests: 1,
        ingest_requests: kind(Meter::Ingest),
        recall_requests: kind(Meter::Recall),
        forget_requests: kind(Meter::Forget),
        ingest_events: done.map_or(0, |reply| reply.ingest_events),
        tokens: done.map_or(0, |reply| reply.tokens),
        work_units: done.map_or(0, |reply| reply.work_units),
        errors: u64::from(done.is_none()),
        rejected: u64::from(response.status == 429),
        request_bytes: request.body_bytes(),
        response_bytes: u64::try_from(response.body.len()).unwrap_or(u64::MAX),
        latency_ms: 0,
    };
    UsageRecord { day: time::day(now), endpoint: format!("{} {}", endpoint.method, endpoint.path), counters }
}

/// A JSON response with the common header fields.
pub fn respond(status: u16, body: &Value, headers: &[(String, String)], request_id: &str) -> Response {
    send(status, crate::json::to_text(body), headers, request_id)
}

/// A response of JSON text with the common header fields.
fn send(status: u16, json: String, headers: &[(String, String)], request_id: &str) -> Response {
    let content_type = [("content-type".to_string(), "application/json".to_string())];
    let headers = content_type.into_iter().chain(headers.iter().cloned()).collect();
    let mut response = Response { status, headers, body: json.into_bytes() };
    add_common_headers(&mut response, request_id);
    response
}

/// Adds the header fields that every response has, unless they are set: the request id, and CORS fields by which pages of any origin may read
/// the response (Fetch standard, CORS protocol).
pub fn add_common_headers(response: &mut Response, request_id: &str) {
    let fields = [
        ("x-request-id", request_id),
        ("access-control-allow-origin", "*"),
        ("access-control-expose-headers", "Retry-After, x-request-id"),
    ];
    for (name, value) in fields {
        if !response.headers.iter().any(|(given, _)| given == name) {
            response.headers.push((name.into(), value.into()));
        }
    }
}

/// The response to a CORS preflight: allows what is asked for.
fn preflight(request: &Request, request_id: &str) -> Response {
    let wanted = request.header("access-control-request-headers").unwrap_or("authorization, content-type, accept");
    let mut headers: Vec<(String, String)> = vec![
        ("access-control-allow-methods".into(), "GET, POST, DELETE, OPTIONS".into()),
        ("access-control-allow-headers".into(), wanted.into()),
        ("access-control-max-age".into(), "86400".into()),
    ];
    if request.header("access-control-request-private-network").is_some() {
        headers.push(("access-control-allow-private-network".into(), "true".into()));
    }
    let mut response = Response { status: 204, headers, body: Vec::new() };
    add_common_headers(&mut response, request_id);
    response
}

#[cfg(test)]
mod tests;
