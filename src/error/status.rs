//! Error statuses: the class of each, and whether the server may have acted on the request.

/// The class of an error status.
pub(crate) fn class(status: u16) -> &'static str {
    match status {
        400 => "ClaivBadRequestError",
        401 => "ClaivAuthenticationError",
        403 => "ClaivPermissionError",
        404 => "ClaivNotFoundError",
        409 => "ClaivConflictError",
        429 => "ClaivRateLimitError",
        500..=599 => "ClaivServerError",
        _ => "ClaivApiError",
    }
}

/// What to do about it, for the end of the message, where the status alone is enough to say so.
pub(crate) fn advice(status: u16) -> &'static str {
    match status {
        401 => " Check the apiKey option.",
        403 => " The key is known, but not allowed to do this.",
        413 => " Send less in one request.",
        429 => " The quota or rate limit is used up: wait before trying again.",
        500..=599 => " The service or something in front of it failed: trying again later may work.",
        _ => "",
    }
}

/// False where the server certainly did not act on the request, because it refused it. At 408 the server only stopped waiting, and a 5xx may
/// come from a proxy after the service has done its work.
pub(crate) fn may_have_been_applied(status: u16) -> bool {
    !(400..500).contains(&status) || status == 408
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_status_has_its_class() {
        let table = [
            (400, "ClaivBadRequestError"),
            (401, "ClaivAuthenticationError"),
            (402, "ClaivApiError"),
            (403, "ClaivPermissionError"),
            (404, "ClaivNotFoundError"),
            (405, "ClaivApiError"),
            (409, "ClaivConflictError"),
            (413, "ClaivApiError"),
            (422, "ClaivApiError"),
            (429, "ClaivRateLimitError"),
            (500, "ClaivServerError"),
            (503, "ClaivServerError"),
            (599, "ClaivServerError"),
            (600, "ClaivApiError"),
        ];
        for (status, expected) in table {
            assert_eq!(class(status), expected, "{status}");
        }
    }

    #[test]
    fn only_a_refusal_is_certain() {
        for status in 400..600 {
            assert_eq!(!may_have_been_applied(status), status < 500 && status != 408, "{status}");
        }
    }
}
