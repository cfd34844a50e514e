//! One attempt: what is handed to fetch, and what is read of its answer. The only place that talks to the network.

pub(crate) mod content;
mod response;

pub(crate) use response::{Answer, Read, read_twice, redact};

use crate::options::{Authorization, Config};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::{Fields, Val};
use crate::request::Request;

/// The headers of an attempt: the client's, the call's, and those that only this library sets.
fn headers(config: &Config, request: &Request, authorization: Authorization) -> Fields {
    let headers = Fields::empty();
    for extra in [*config.headers, request.options.headers] {
        if !extra.is_none() {
            // Plain objects of our own, which have no getters.
            let _ = host::assign(headers, extra);
        }
    }
    headers.set(Name::Accept, Name::Json.js());
    if !request.body.is_none() {
        headers.set(Name::ContentType, Name::Json.js());
    }
    headers.with_some(Name::Authorization, authorization.header)
}

/// Calls fetch. `Err` is what it threw.
pub(crate) fn send(config: &Config, request: &Request, authorization: Authorization, signal: Val) -> Result<Val, Val> {
    let init = Fields::empty()
        .with(Name::Method, request.endpoint.method.js())
        .with(Name::Headers, *headers(config, request, authorization))
        .with_some(Name::Body, request.body)
        .with(Name::Signal, signal)
        // A redirect would carry the key along.
        .with(Name::Redirect, Name::Manual.js());
    if config.fetch.is_none() {
        host::host_fetch(request.url, *init)
    } else {
        host::call_with(*config.fetch, request.url, *init)
    }
}
