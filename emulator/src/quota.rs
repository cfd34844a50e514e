//! The quota: limits of usage in a billing cycle.

use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::{Counters, Usage};
use crate::time::{self, DAY_MS};
use serde_json::{Map, Value, json};

/// The limits of a billing cycle; `None` for no limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quota {
    /// Requests, without those refused because of the quota.
    pub requests: Option<u64>,
    /// Tokens stored or recalled.
    pub tokens: Option<u64>,
    /// Work units.
    pub work_units: Option<u64>,
    /// Events stored.
    pub ingest_events: Option<u64>,
    /// The day of the month on which a cycle starts, 1 to 28.
    pub billing_cycle_day: i64,
    /// The name of the plan.
    pub plan: String,
    /// How long a refused client is told to wait, in seconds; `None` for the time until the next cycle.
    pub retry_after: Option<u64>,
}

impl Default for Quota {
    fn default() -> Self {
        Quota {
            requests: None,
            tokens: None,
            work_units: None,
            ingest_events: None,
            billing_cycle_day: 1,
            plan: "emulator".into(),
            retry_after: None,
        }
    }
}

impl Quota {
    /// Each metric with its usage and its limit.
    fn metrics(&self, used: &Counters) -> [(&'static str, u64, Option<u64>); 4] {
        [
            ("requests", used.requests.saturating_sub(used.rejected), self.requests),
            ("tokens", used.tokens, self.tokens),
            ("work_units", used.work_units, self.work_units),
            ("ingest_events", used.ingest_events, self.ingest_events),
        ]
    }

    /// The usage of the current cycle, and the day on which the next one starts.
    fn usage(&self, usage: &Usage, now: i64) -> (Counters, i64) {
        let (start, reset) = time::cycle(time::day(now), self.billing_cycle_day);
        (usage.total(start, reset.saturating_sub(1)), reset)
    }

    /// Fails with 429 `quota_exceeded` where a metric that the request would use is used up.
    pub fn check(&self, meter: Meter, usage: &Usage, now: i64) -> Result<(), ApiError> {
        let (used, reset) = self.usage(usage, now);
        let applies = |metric: &str| match metric {
            "requests" => meter != Meter::None,
            "ingest_events" => meter == Meter::Ingest,
            "tokens" => matches!(meter, Meter::Ingest | Meter::Recall),
            _ => matches!(meter, Meter::Ingest | Meter::Recall | Meter::Forget),
        };
        let exceeded = self
            .metrics(&used)
            .into_iter()
            .find(|(metric, used, limit)| applies(metric) && limit.is_some_and(|limit| *used >= limit));
        let Some((metric, used, limit)) = exceeded else {
            return Ok(());
        };
        let until = reset.saturating_mul(DAY_MS).saturating_sub(now).max(0);
        let left = u64::try_from(until).unwrap_or_default().div_ceil(1000).max(1);
        let seconds = self.retry_after.unwrap_or(left);
        let mut error =
            ApiError::new(429, "quota_exceeded", format!("The quota of {metric} of this billing cycle is used up."));
        error.details =
            Some(Box::new(json!({ "retry_after": seconds, "metric": metric, "used": used, "limit": limit })));
        error.headers.push(("retry-after".into(), seconds.to_string()));
        Err(error)
    }
}

/// The answer of `GET /v1/usage/limits`.
pub fn report(quota: &Quota, usage: &Usage, now: i64) -> Value {
    let (used, reset) = quota.usage(usage, now);
    let metrics = quota.metrics(&used);
    let limits: Map<String, Value> = metrics
        .iter()
        .map(|(metric, used, limit)| {
            let percentage = match limit {
                None => 0.0,
                Some(0) => 100.0,
                Some(limit) => ratio(used.saturating_mul(100), *limit, 100.0),
            };
            let remaining = limit.map(|limit| limit.saturating_sub(*used));
            let value = json!({ "used": used, "limit": limit, "remaining": remaining, "percentage_used": percentage });
            (metric.to_string(), value)
        })
        .collect();
    json!({
        "plan": quota.plan,
        "billing_cycle_day": quota.billing_cycle_day,
        "reset_date": time::format_day(reset),
        "is_within_quota": metrics.iter().all(|(_, used, limit)| limit.is_none_or(|limit| *used < limit)),
        "limits": limits,
    })
}

/// A quotient rounded to a multiple of `1 / parts`; 0 where the divisor is 0.
pub fn ratio(of: u64, whole: u64, parts: f64) -> f64 {
    let real = |number: u64| u32::try_from(number).map_or(f64::from(u32::MAX), f64::from);
    if whole == 0 { 0.0 } else { (real(of) / real(whole) * parts).round() / parts }
}
