//! The errors of attempts and of what stands around them. Each begins with the call that failed, such as `POST /v1/ingest `.

use super::{Error, ErrorBody, api};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::say::{Say, one_line, without};
use crate::platform::value::Val;

/// Longest excerpt of a body, in UTF-16 units.
const EXCERPT: u32 = 200;

/// A limit was passed: `timeout`, or the whole call's `totalTimeout`.
pub(crate) fn timed_out(call: Say, ms: f64, is_total: bool, attempt: f64, elapsed: f64) -> Error {
    let (name, scope) = if is_total { (Name::TotalTimeout, Name::Total) } else { (Name::Timeout, Name::Attempt) };
    let say = call.s("had no complete answer within ").n(ms).s(" ms (").v(name.js()).s(", attempt ").n(attempt).s(").");
    Error::new(Name::TimeoutError, say)
        .number(Name::TimeoutMs, ms)
        .with(Name::Scope, scope.js())
        .number(Name::ElapsedMs, elapsed)
        .number(Name::Attempt, attempt)
}

/// The caller's signal fired.
pub(crate) fn aborted(call: Say, signal: Val) -> Error {
    Error::new(Name::AbortError, call.s("was aborted by its signal."))
        .with(Name::Cause, host::field(signal, Name::Reason))
}

/// fetch or the body's reading failed. Node keeps what happened one level deeper, in the error's own cause.
pub(crate) fn transport(call: Say, cause: Val) -> Error {
    let mut say = call.s("did not get through: ").v(one_line(cause));
    let deeper = host::field(cause, Name::Cause);
    if deeper.is_object() {
        say = say.s(" (").v(one_line(deeper)).s(")");
    }
    Error::new(Name::NetworkError, say.s(".")).with(Name::Cause, cause)
}

/// An answer that is none of the API's.
pub(crate) fn unusable(call: Say, why: &'static str) -> Error {
    response(call.s("got no usable answer: ").s(why), Name::Empty.js())
}

/// A success whose body is not a JSON object.
pub(crate) fn not_json(call: Say, status: u16, why: &'static str, text: Val) -> Error {
    let shown = text.text().slice(0, EXCERPT);
    let say = call.s("was answered with status ").n(status.into()).s(", but ").s(why).s(": ");
    let say = if host::text_length(shown) == 0 { say.s("it is empty") } else { say.s("\"").v(one_line(shown)).s("\"") };
    response(say, shown)
}

/// A redirect, to an origin where that is known.
pub(crate) fn redirected(call: Say, origin: Val) -> Error {
    let say = call.s("was redirected to ");
    let say = if origin.is_none() { say.s("elsewhere") } else { say.v(origin) };
    let say =
        say.s(", and redirects are not followed, so that the API key stays where it belongs. Check the baseUrl option");
    response(say, Name::Empty.js()).with_some(Name::Location, origin)
}

fn response(say: Say, excerpt: Val) -> Error {
    Error::new(Name::ResponseError, say.s(".")).with(Name::Excerpt, excerpt)
}

/// An error status.
pub(crate) fn refused(call: Say, status: u16, said: &ErrorBody, request_id: Val) -> Error {
    let mut say = call.s("was answered with ").n(status.into());
    if !said.code.is_none() {
        say = say.s(" ").v(one_line(said.code));
    }
    if !said.message.is_none() {
        say = say.s(": ").v(without(one_line(said.message), "\\.+$"));
    }
    say = say.s(".").s(api::advice(status));
    if !request_id.is_none() {
        say = say.s(" (request id ").v(one_line(request_id)).s(")");
    }
    let code = if said.code.is_none() { Say::new("unknown").end() } else { said.code };
    Error::new(api::class(status), say).with(Name::Code, code).with(Name::Details, said.details)
}
