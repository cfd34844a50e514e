//! What holds of retries for all inputs, not only for those of the tables.

#![allow(clippy::arithmetic_side_effects)]

use proptest::prelude::*;

use super::retry_after::{WaitHints, decimal};
use super::{FailureKind, Policy, Verdict, backoff};
use crate::time::{http_date, iso8601};

/// 2^53 - 1: no wait is longer.
const MAX_MS: f64 = js_sys::Number::MAX_SAFE_INTEGER;
const CAP: f64 = 30_000.0;

fn failure() -> impl Strategy<Value = FailureKind> {
    prop_oneof![
        (200u16..1000, proptest::option::of(any::<bool>()))
            .prop_map(|(status, should_retry)| FailureKind::Status { status, should_retry }),
        (prop_oneof![Just(429u16), Just(500), Just(502), Just(503), Just(504)], Just(None))
            .prop_map(|(status, should_retry)| FailureKind::Status { status, should_retry }),
        Just(FailureKind::Transport),
        Just(FailureKind::Final),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    (0u32..12, prop_oneof![1.0..100_000.0, Just(CAP), Just(1e15)], any::<bool>())
        .prop_map(|(max_retries, max_retry_delay, replayable)| Policy { max_retries, max_retry_delay, replayable })
}

fn asked() -> impl Strategy<Value = Option<f64>> {
    proptest::option::of(prop_oneof![0.001..10.0, 1.0..60_000.0, 1.0..MAX_MS])
}

/// A header that may be missing.
fn bytes(header: &Option<String>) -> &[u8] {
    header.as_deref().unwrap_or_default().as_bytes()
}

/// An attempt of a simulated call: how it fails, how long it takes, what is asked for, and the random number after it.
fn attempt() -> impl Strategy<Value = (FailureKind, f64, Option<f64>, f64)> {
    (failure(), 0.0..5000.0, asked(), 0.0..1.0)
}

/// A date that exists: year, month, day, hour, minute, second.
fn moment() -> impl Strategy<Value = (u32, usize, u32, u32, u32, u32)> {
    (1970u32..2070, 0usize..12, 1u32..29, 0u32..24, 0u32..60, 0u32..60)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn name(month: usize) -> &'static str {
    MONTHS.get(month).copied().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jitter_stays_within_its_bounds(retry in any::<u32>(), random in 0.0..1.0f64) {
        let base = 500.0 * 2f64.powi(retry.saturating_sub(1).min(60) as i32);
        let delay = backoff::delay_ms(retry, random);
        prop_assert!(delay >= base.min(CAP) && delay <= (base * 1.5).min(CAP), "{delay} for {base}");
    }

    #[test]
    fn a_wait_is_what_was_asked_for_and_within_every_limit(
        policy in policy(), failure in failure(), attempt in 1u32..20, asked in asked(),
        left in prop_oneof![Just(f64::INFINITY), -1000.0..100_000.0f64], random in 0.0..1.0f64,
    ) {
        if let Verdict::RetryAfter(ms) = policy.judge(failure, attempt, asked, left, random) {
            prop_assert!(attempt <= policy.max_retries);
            prop_assert!(ms > 0.0 && ms <= policy.max_retry_delay);
            prop_assert!(ms < left, "{ms} of {left}");
            prop_assert!(asked.is_none_or(|asked| asked == ms), "{ms} for {asked:?}");
            prop_assert!(!matches!(failure, FailureKind::Final));
            prop_assert!(policy.replayable || !matches!(failure, FailureKind::Transport));
        }
    }

    #[test]
    fn a_wait_is_begun_only_if_it_ends_before_the_deadline(
        policy in policy(), failure in failure(), asked in asked(), spare in -5.0..5.0f64, random in 0.0..1.0f64,
    ) {
        if let Verdict::RetryAfter(ms) = policy.judge(failure, 1, asked, f64::INFINITY, random) {
            let left = ms + spare;
            let expected = if ms < left { Verdict::RetryAfter(ms) } else { Verdict::GiveUp };
            prop_assert_eq!(policy.judge(failure, 1, asked, left, random), expected);
        }
    }

    #[test]
    fn a_call_makes_no_more_attempts_than_allowed_and_never_waits_beyond_its_deadline(
        policy in policy(), attempts in proptest::collection::vec(attempt(), 30),
        total in proptest::option::of(1.0..60_000.0f64),
    ) {
        let (mut clock, mut made) = (0.0, 0u32);
        for (failure, takes, asked, random) in attempts {
            made += 1;
            clock += takes;
            let left = total.map_or(f64::INFINITY, |total| total - clock);
            let Verdict::RetryAfter(ms) = policy.judge(failure, made, asked, left, random) else { break };
            prop_assert!(asked.is_none_or(|asked| ms >= asked), "came back after {ms}, asked for {asked:?}");
            clock += ms;
            prop_assert!(total.is_none_or(|total| clock <= total), "waits until {clock} of {total:?}");
        }
        prop_assert!(made <= policy.max_retries + 1, "{made} attempts of {policy:?}");
    }

    #[test]
    fn a_wait_that_is_asked_for_is_none_or_a_wait_whatever_the_headers_say(
        ms in proptest::option::of(".*"), after in proptest::option::of("\\PC*|[-+0-9., eE]{0,70}"), date in proptest::option::of(".*"),
        body in proptest::option::of(any::<f64>()), now in any::<f64>(),
    ) {
        let hints = WaitHints { retry_after_ms: bytes(&ms), retry_after: bytes(&after), date: bytes(&date), body_seconds: body };
        if let Some(wait) = hints.delay_ms(now) {
            prop_assert!(wait > 0.0 && wait <= MAX_MS, "{wait}");
        }
    }

    #[test]
    fn seconds_are_read_as_they_were_written(whole in 0u32..10_000_000, fraction in "[0-9]{1,8}") {
        let text = format!("{whole}.{fraction}");
        prop_assert_eq!(decimal(text.as_bytes()), text.parse::<f64>().ok(), "{}", text);
        let hints = WaitHints { retry_after: text.as_bytes(), ..WaitHints::default() };
        let asked = text.parse::<f64>().map(|seconds| seconds * 1000.0).ok().filter(|ms| *ms > 0.0);
        prop_assert_eq!(hints.delay_ms(0.0), asked);
    }

    #[test]
    fn any_number_of_digits_is_a_wait_no_shorter_than_they_say(digits in "[1-9][0-9]{0,400}") {
        let hints = WaitHints { retry_after: digits.as_bytes(), ..WaitHints::default() };
        let asked = digits.parse::<f64>().unwrap_or(f64::INFINITY) * 1000.0;
        prop_assert!(hints.delay_ms(0.0) >= Some(asked.min(MAX_MS)));
    }

    #[test]
    fn a_date_is_as_far_away_as_it_says_in_all_forms(
        (year, month, day, hour, minute, second) in moment(), seconds in 1i64..10_000_000,
    ) {
        let month = name(month);
        let clock = format!("{hour:02}:{minute:02}:{second:02}");
        let forms = [
            format!("Mon, {day:02} {month} {year:04} {clock} GMT"),
            format!("Monday, {day:02}-{month}-{:02} {clock} GMT", year % 100),
            format!("Mon {month} {day:2} {clock} {year:04}"),
        ];
        let [until, _, _] = forms.each_ref().map(|text| http_date::parse(text.as_bytes()));
        prop_assert!(until.is_some());
        for text in &forms {
            prop_assert_eq!(http_date::parse(text.as_bytes()), until, "{}", text);
            let now = until.unwrap_or_default() - seconds * 1000;
            let hints = WaitHints { retry_after: text.as_bytes(), ..WaitHints::default() };
            prop_assert_eq!(hints.delay_ms(now as f64), Some(seconds as f64 * 1000.0));
        }
    }

    #[test]
    fn dates_stand_in_the_order_of_their_parts(a in moment(), b in moment()) {
        let read = |(year, month, day, hour, minute, second): (u32, usize, u32, u32, u32, u32)| {
            http_date::parse(format!("Mon, {day:02} {} {year} {hour:02}:{minute:02}:{second:02} GMT", name(month)).as_bytes())
        };
        prop_assert!(read(a).is_some());
        prop_assert_eq!(read(a).cmp(&read(b)), a.cmp(&b));
    }

    #[test]
    fn no_text_upsets_the_readers_of_times(
        text in ".*", near in "[A-Za-z]{0,9},? ?[0-9A-Za-z :,.+-]{0,50}", iso in "[0-9]{0,5}-?[0-9]{0,3}-?[0-9]{0,3}[Tt ]?[0-9:.,]{0,24}[Zz+-]?[0-9:]{0,6}",
    ) {
        for text in [&text, &near, &iso] {
            let _ = (http_date::parse(text.as_bytes()), iso8601::parse(text.as_bytes()), decimal(text.as_bytes()));
        }
    }
}
