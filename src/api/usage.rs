//! Usage: what was used, by day and by endpoint, and what the plan allows.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, QueryArg};
use crate::host::Name;
use crate::rules::{Kind, sets};

const RANGE: QueryArg =
    QueryArg { name: "range", field: Name::Range, kind: Kind::OneOf(sets::RANGE), default: Some("7d") };

static SUMMARY: Endpoint = Endpoint::get("/v1/usage/summary").query_arg(RANGE);
static BREAKDOWN: Endpoint = Endpoint::get("/v1/usage/breakdown").query_arg(RANGE);
static LIMITS: Endpoint = Endpoint::get("/v1/usage/limits");

#[wasm_bindgen]
impl ClaivClient {
    /// Sums up what was used, in all and by day. `GET /v1/usage/summary`
    ///
    /// @param range - the last 7 or 30 days, this month or today; default: `"7d"`
    #[wasm_bindgen(js_name = getUsageSummary, unchecked_return_type = "Promise<UsageSummaryResponse>")]
    pub fn get_usage_summary(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "UsageRange")] range: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&SUMMARY, [range, JsValue::UNDEFINED], JsValue::UNDEFINED, options)
    }

    /// Tells what was used by endpoint. `GET /v1/usage/breakdown`
    ///
    /// @param range - the last 7 or 30 days, this month or today; default: `"7d"`
    #[wasm_bindgen(js_name = getUsageBreakdown, unchecked_return_type = "Promise<UsageBreakdownResponse>")]
    pub fn get_usage_breakdown(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "UsageRange")] range: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&BREAKDOWN, [range, JsValue::UNDEFINED], JsValue::UNDEFINED, options)
    }

    /// Tells what the plan allows and how much of it is left. `GET /v1/usage/limits`
    #[wasm_bindgen(js_name = getUsageLimits, unchecked_return_type = "Promise<UsageLimitsResponse>")]
    pub fn get_usage_limits(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&LIMITS, JsValue::UNDEFINED, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A span of days, up to today. */
export type UsageRange = "7d" | "30d" | "month" | "today";

/** What was used in all. */
export interface UsageTotals {
  requests: number;
  ingest_requests: number;
  recall_requests: number;
  forget_requests: number;
  ingest_events: number;
  tokens: number;
  work_units: number;
  errors: number;
  request_bytes: number;
  response_bytes: number;
}

/** What was used on one day. */
export interface UsageDailyEntry {
  /** YYYY-MM-DD. */
  date: string;
  requests: number;
  ingest_events: number;
  tokens: number;
  work_units: number;
  errors: number;
}

/** What `getUsageSummary` answers. */
export interface UsageSummaryResponse {
  range: UsageRange | (string & {});
  start_date: string;
  end_date: string;
  totals: UsageTotals;
  daily: UsageDailyEntry[];
}

/** What one endpoint was used for. */
export interface EndpointBreakdownEntry {
  endpoint: string;
  requests: number;
  errors: number;
  /** Errors per request, 0 to 1. */
  error_rate: number;
  /** Mean time to answer, in milliseconds. */
  avg_latency_ms: number;
}

/** What `getUsageBreakdown` answers. */
export interface UsageBreakdownResponse {
  range: UsageRange | (string & {});
  start_date: string;
  end_date: string;
  endpoints: EndpointBreakdownEntry[];
}

/** One of the plan's limits. */
export interface UsageLimitMetric {
  used: number;
  /** Null where there is no limit. */
  limit: number | null;
  /** Null where there is no limit. */
  remaining: number | null;
  percentage_used: number;
}

/** What `getUsageLimits` answers. */
export interface UsageLimitsResponse {
  plan: string;
  /** The day of the month on which counting starts anew. */
  billing_cycle_day: number;
  reset_date: string;
  is_within_quota: boolean;
  limits: {
    requests: UsageLimitMetric;
    tokens: UsageLimitMetric;
    work_units: UsageLimitMetric;
    ingest_events: UsageLimitMetric;
  };
}
"#;
