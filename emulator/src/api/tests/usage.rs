//! Usage counters and the quota.

use crate::http::Body;
use crate::options::Settings;
use crate::quota::Quota;
use crate::testing::{TestService, at, request};
use serde_json::{Value, json};

fn ingest(content: &str) -> Value {
    json!({ "user_id": "u", "type": "message", "content": content })
}

#[test]
fn requests_are_counted() {
    let mut service = TestService::default();
    let first = ingest("eight by");
    let sent = first.to_string().len();
    let answers = [
        service.post("/v1/ingest", first),
        service.post("/v1/ingest", json!({})),
        service.recall("u", "eight"),
        service.post("/v2/forget", json!({ "user_id": "u" })),
    ];
    service.get("/v1/deletion-receipts");
    let total = service.get("/v1/usage/summary?range=today");
    let tokens = 2 + answers.get(2).unwrap().at("/token_estimate").as_u64().unwrap();
    for (name, expected) in [
        ("requests", 5),
        ("ingest_requests", 2),
        ("recall_requests", 1),
        ("forget_requests", 1),
        ("ingest_events", 1),
        ("tokens", tokens),
        ("work_units", 3),
        ("errors", 1),
    ] {
        assert_eq!(total.at(&format!("/totals/{name}")), json!(expected), "{name}");
    }
    let received: usize = answers.iter().map(|answer| answer.response.body.len()).sum();
    assert!(total.at("/totals/request_bytes").as_u64().unwrap() > sent as u64);
    assert!(total.at("/totals/response_bytes").as_u64().unwrap() > received as u64);
    // Reading the usage, requests without a key and unknown paths are not counted.
    service.get("/v1/usage/limits");
    service.get("/healthz");
    service.get("/v9/nothing");
    service.send(&crate::http::Request { headers: vec![], ..request("POST", "/v1/ingest", Some(&ingest("x"))) });
    assert_eq!(service.get("/v1/usage/summary?range=today").body, total.body);
}

#[test]
fn ranges_are_filled_with_every_day() {
    let mut service = TestService::default();
    for (time, count) in [
        ("2024-01-31T23:59:59Z", 1),
        ("2024-02-14T00:00:00Z", 2),
        ("2024-03-01T00:00:00Z", 3),
        ("2024-03-09T08:00:00Z", 4),
        ("2024-03-15T11:00:00Z", 5),
    ] {
        for _ in 0..count {
            service.now = at(time);
            service.post("/v1/ingest", ingest("x"));
        }
    }
    service.now = at("2024-03-15T23:59:59.999Z");
    for (query, range, start, days, requests) in [
        ("", "7d", "2024-03-09", 7, 9),
        ("?range=today", "today", "2024-03-15", 1, 5),
        ("?range=7d", "7d", "2024-03-09", 7, 9),
        ("?range=30d", "30d", "2024-02-15", 30, 12),
        ("?range=month", "month", "2024-03-01", 15, 12),
    ] {
        let answer = service.get(&format!("/v1/usage/summary{query}"));
        assert_eq!(
            (answer.at("/range"), answer.at("/start_date"), answer.at("/end_date")),
            (json!(range), json!(start), json!("2024-03-15"))
        );
        let daily = answer.at("/daily");
        let daily = daily.as_array().unwrap();
        assert_eq!((daily.len(), answer.at("/totals/requests")), (days, json!(requests)), "{query}");
        let sum: u64 = daily.iter().map(|day| day.get("requests").unwrap().as_u64().unwrap()).sum();
        assert_eq!((sum, daily.first().unwrap().get("date")), (requests, Some(&json!(start))), "{query}");
    }
    let empty =
        json!({ "date": "2024-03-10", "requests": 0, "ingest_events": 0, "tokens": 0, "work_units": 0, "errors": 0 });
    assert_eq!(service.get("/v1/usage/summary").at("/daily/1"), empty);
}

#[test]
fn the_breakdown_is_by_endpoint() {
    let mut service = TestService::default();
    service.post("/v1/ingest", ingest("x"));
    service.post("/v1/ingest", json!({}));
    service.post("/v1/ingest", json!({}));
    service.get("/v1/deletion-receipts/none");
    let expected = json!([
        { "endpoint": "GET /v1/deletion-receipts/{receipt_id}", "requests": 1, "errors": 1, "error_rate": 1.0, "avg_latency_ms": 5.0 },
        { "endpoint": "POST /v1/ingest", "requests": 3, "errors": 2, "error_rate": 0.6667, "avg_latency_ms": 5.0 },
    ]);
    assert_eq!(service.get("/v1/usage/breakdown").at("/endpoints"), expected);
}

#[test]
fn without_a_quota_nothing_is_limited() {
    let mut service = TestService::default();
    service.ingest("u", "x");
    let answer = service.get("/v1/usage/limits");
    assert_eq!(
        (answer.at("/is_within_quota"), answer.at("/reset_date"), answer.at("/billing_cycle_day")),
        (json!(true), json!("2024-04-01"), json!(1))
    );
    assert_eq!(
        answer.at("/limits/requests"),
        json!({ "used": 1, "limit": null, "remaining": null, "percentage_used": 0.0 })
    );
}

#[test]
fn a_quota_refuses_what_exceeds_it() {
    let none = Quota::default();
    let cases = [
        (Quota { requests: Some(2), ..none.clone() }, "requests", [429, 429, 429, 429]),
        (Quota { ingest_events: Some(2), ..none.clone() }, "ingest_events", [429, 200, 200, 200]),
        (Quota { tokens: Some(2), ..none.clone() }, "tokens", [429, 429, 200, 200]),
        (Quota { work_units: Some(2), ..none }, "work_units", [429, 429, 429, 200]),
    ];
    for (quota, metric, expected) in cases {
        let mut service = TestService::new(Settings { quota, ..Settings::default() });
        service.ingest("u", "four");
        service.ingest("u", "four");
        let answers = [
            service.post("/v1/ingest", ingest("x")),
            service.recall("u", "four"),
            service.post("/v1/forget", json!({ "user_id": "nobody" })),
            service.get("/v1/deletion-receipts"),
        ];
        assert_eq!(answers.each_ref().map(|answer| answer.status), expected, "{metric}");
        let refused = answers.first().unwrap();
        assert_eq!(
            (refused.at("/error/code"), refused.at("/error/details/metric")),
            (json!("quota_exceeded"), json!(metric))
        );
        let seconds = 16 * 86_400 + 43_200 - 2;
        assert_eq!(refused.at("/error/details/retry_after"), json!(seconds), "{metric}");
        assert_eq!(refused.header("retry-after"), Some(seconds.to_string().as_str()));
        let limits = service.get("/v1/usage/limits");
        assert_eq!(limits.at("/is_within_quota"), json!(false));
        let limit = limits.at(&format!("/limits/{metric}"));
        assert_eq!((limit.get("limit"), limit.get("remaining")), (Some(&json!(2)), Some(&json!(0))), "{metric}");
        // A new cycle starts with nothing used.
        service.now = at("2024-04-01T00:00:00Z");
        assert_eq!(service.post("/v1/ingest", ingest("x")).status, 200, "{metric}");
    }
}

#[test]
fn refused_requests_are_not_counted_and_have_the_configured_retry_after() {
    let quota = Quota {
        requests: Some(3),
        retry_after: Some(2),
        billing_cycle_day: 20,
        plan: "free".into(),
        ..Quota::default()
    };
    let mut service = TestService::new(Settings { quota, ..Settings::default() });
    for _ in 0..5 {
        service.post("/v1/ingest", ingest("x"));
    }
    let refused = service.post("/v1/ingest", ingest("x"));
    assert_eq!((refused.at("/error/details/retry_after"), refused.header("retry-after")), (json!(2), Some("2")));
    let limits = service.get("/v1/usage/limits");
    assert_eq!(
        limits.at("/limits/requests"),
        json!({ "used": 3, "limit": 3, "remaining": 0, "percentage_used": 100.0 })
    );
    assert_eq!((limits.at("/plan"), limits.at("/reset_date")), (json!("free"), json!("2024-03-20")));
    assert_eq!(service.get("/v1/usage/summary").at("/totals/errors"), json!(3));
}

#[test]
fn a_body_too_large_is_refused_and_counted() {
    let mut service = TestService::default();
    let mut large = request("POST", "/v1/ingest", None);
    large.body = Body::TooLarge;
    let answer = service.send(&large);
    assert_eq!((answer.status, answer.at("/error/code")), (413, json!("payload_too_large")));
    assert_eq!(service.get("/v1/usage/summary").at("/totals/errors"), json!(1));
}
