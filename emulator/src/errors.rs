//! Errors in the shape in which the service answers them.

use serde_json::{Value, json};

/// An error response.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// The HTTP status code.
    pub status: u16,
    /// `error.code`, such as `invalid_request`.
    pub code: String,
    /// `error.message`: what is wrong, for people.
    pub message: String,
    /// `error.details`, for programs.
    pub details: Option<Box<Value>>,
    /// Further header fields of the response, such as `retry-after`.
    pub headers: Vec<(String, String)>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// The path of the field, such as `limits.answer_facts`; empty for the body as a whole.
    pub path: String,
    /// What is wrong with the field. Follows its name in a sentence, as `must be a string`.
    pub message: String,
}

impl ApiError {
    /// An error without details or header fields.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        ApiError { status, code: code.into(), message: message.into(), details: None, headers: Vec::new() }
    }

    /// 400 `invalid_request` with all issues of the request.
    pub fn invalid(issues: &[Issue]) -> Self {
        let named: Vec<String> = issues
            .iter()
            .map(|issue| format!("{} {}", if issue.path.is_empty() { "body" } else { &issue.path }, issue.message))
            .collect();
        let issues: Vec<Value> =
            issues.iter().map(|issue| json!({ "path": issue.path, "message": issue.message })).collect();
        let mut error = ApiError::new(400, "invalid_request", format!("The request is invalid: {}.", named.join("; ")));
        error.details = Some(Box::new(json!({ "issues": issues })));
        error
    }

    /// 400 `invalid_request` for a body that cannot be read at all.
    pub fn unreadable(message: &str) -> Self {
        ApiError::invalid(&[Issue { path: String::new(), message: message.into() }])
    }

    /// 401 `unauthorized`.
    pub fn unauthorized(message: &str) -> Self {
        let mut error = ApiError::new(401, "unauthorized", message);
        // RFC 9110 §11.6.1: a 401 names the scheme that would be accepted.
        error.headers.push(("www-authenticate".into(), "Bearer".into()));
        error
    }

    /// 404 `not_found`.
    pub fn not_found(message: impl Into<String>) -> Self {
        ApiError::new(404, "not_found", message)
    }

    /// 413 `payload_too_large`.
    pub fn too_large(message: impl Into<String>) -> Self {
        ApiError::new(413, "payload_too_large", message)
    }

    /// The JSON body of the response.
    pub fn body(&self, request_id: &str) -> Value {
        let mut error = json!({ "code": self.code, "message": self.message, "request_id": request_id });
        if let (Some(details), Some(map)) = (&self.details, error.as_object_mut()) {
            map.insert("details".into(), Value::clone(details));
        }
        json!({ "error": error })
    }
}

/// The usual error code of a status, for scripted faults without a code.
pub fn code_of(status: u16) -> &'static str {
    match status {
        400 | 422 => "invalid_request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        409 => "conflict",
        413 => "payload_too_large",
        429 => "quota_exceeded",
        502 => "bad_gateway",
        503 => "unavailable",
        504 => "gateway_timeout",
        500..=599 => "internal_error",
        _ => "error",
    }
}
