//! `GET /v1/usage/summary`, `GET /v1/usage/breakdown` and `GET /v1/usage/limits`.

use super::call::{Call, Endpoint, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::quota;
use crate::time;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "GET", path: "/v1/usage/summary", meter: Meter::None, open: false, run: summary },
    Endpoint { method: "GET", path: "/v1/usage/breakdown", meter: Meter::None, open: false, run: breakdown },
    Endpoint { method: "GET", path: "/v1/usage/limits", meter: Meter::None, open: false, run: limits },
];

/// A range of days, which are counted from 1970.
struct Range {
    /// `today`, `7d`, `30d` or `month`.
    name: String,
    /// The first day.
    from: i64,
    /// The last day: today.
    to: i64,
}

/// Reads `range`; 7 days by default.
fn range(call: &mut Call) -> Result<Range, ApiError> {
    let mut fields = call.query_fields();
    let name = fields.one_of("range", &["today", "7d", "30d", "month"]).unwrap_or_else(|| "7d".into());
    fields.check()?;
    let to = time::day(call.now);
    let from = match name.as_str() {
        "today" => to,
        "30d" => to.saturating_sub(29),
        "month" => time::month_start(to),
        _ => to.saturating_sub(6),
    };
    Ok(Range { name, from: from.max(time::day(time::MIN)), to })
}

fn summary(call: &mut Call) -> Result<Reply, ApiError> {
    let Range { name, from, to } = range(call)?;
    let usage = &call.store.usage;
    let total = usage.total(from, to);
    let daily: Vec<Value> = (from..=to)
        .map(|day| {
            let of_day = usage.total(day, day);
            json!({
                "date": time::format_day(day),
                "requests": of_day.requests,
                "ingest_events": of_day.ingest_events,
                "tokens": of_day.tokens,
                "work_units": of_day.work_units,
                "errors": of_day.errors,
            })
        })
        .collect();
    let totals = json!({
        "requests": total.requests,
        "ingest_requests": total.ingest_requests,
        "recall_requests": total.recall_requests,
        "forget_requests": total.forget_requests,
        "ingest_events": total.ingest_events,
        "tokens": total.tokens,
        "work_units": total.work_units,
        "errors": total.errors,
        "request_bytes": total.request_bytes,
        "response_bytes": total.response_bytes,
    });
    let (start_date, end_date) = (time::format_day(from), time::format_day(to));
    Ok(Reply::of(
        json!({ "range": name, "start_date": start_date, "end_date": end_date, "totals": totals, "daily": daily }),
    ))
}

fn breakdown(call: &mut Call) -> Result<Reply, ApiError> {
    let Range { name, from, to } = range(call)?;
    let endpoints: Vec<Value> = call
        .store
        .usage
        .by_endpoint(from, to)
        .into_iter()
        .map(|(endpoint, sum)| {
            json!({
                "endpoint": endpoint,
                "requests": sum.requests,
                "errors": sum.errors,
                "error_rate": quota::ratio(sum.errors, sum.requests, 10_000.0),
                "avg_latency_ms": quota::ratio(sum.latency_ms, sum.requests, 100.0),
            })
        })
        .collect();
    let (start_date, end_date) = (time::format_day(from), time::format_day(to));
    Ok(Reply::of(json!({ "range": name, "start_date": start_date, "end_date": end_date, "endpoints": endpoints })))
}

fn limits(call: &mut Call) -> Result<Reply, ApiError> {
    Ok(Reply::of(quota::report(&call.settings.quota, &call.store.usage, call.now)))
}
