//! The one way through which every call goes: attempts, waits between them, and the error at the end.

use std::rc::Rc;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use crate::error::outcome::{self, Place, error_of};
use crate::error::{self, Error, api};
use crate::hooks::{Event, tell};
use crate::options::{ApiKey, Authorization, Config};
use crate::platform::abort::AbortWatch;
use crate::platform::host::{self, Fields, now};
use crate::platform::names;
use crate::request::{Request, add_field};
use crate::retry::{Policy, Verdict};
use crate::rules::Faults;
use crate::transport::{self, Answer, Bound, Limit, Outcome, Sending, content};

/// Runs a request to its end.
pub(crate) async fn run(config: Rc<Config>, request: Request) -> Result<JsValue, JsValue> {
    let mut call = Call {
        config: &config,
        request: &request,
        body: request.body.clone(),
        started: now(),
        attempt: 0,
        trace: Vec::new(),
        uncertain: false,
    };
    match call.run().await {
        Ok(value) => Ok(value),
        Err(error) => Err(call.finish(error).into_js()),
    }
}

/// A call on its way.
struct Call<'a> {
    config: &'a Config,
    request: &'a Request,
    /// What is sent, once its content has been read.
    body: Option<JsString>,
    /// When it began, by the host's steady clock.
    started: f64,
    /// The attempt that runs or ran last, counted from 1.
    attempt: u32,
    trace: Vec<Attempt>,
    /// True once an attempt may have been applied by the server.
    uncertain: bool,
}

/// What is remembered of an attempt.
struct Attempt {
    status: u16,
    request_id: JsString,
    duration: f64,
    /// None for the one that succeeded.
    error: Option<String>,
}

impl Call<'_> {
    async fn run(&mut self) -> Result<JsValue, Error> {
        let watch = self.watch()?;
        let watch = watch.as_deref();
        self.complete(watch).await?;
        let authorization = self.authorize(watch).await?;
        loop {
            self.attempt = self.attempt.saturating_add(1);
            if let Some(hook) = &self.config.hooks.request {
                tell(hook, &self.event());
            }
            let begun = now();
            let answer = self.send(authorization.as_ref(), watch).await?;
            let what = self.what();
            let secret = authorization.as_ref().map(|authorization| &authorization.key);
            let error = error_of(&answer, &self.place(&what)).map(|error| error.redacted(secret));
            self.remember(&answer, error.as_ref(), now() - begun);
            let Some(error) = error else { return Ok(self.succeed(answer)) };
            match self.keep_pace(&answer, self.judge(&answer)) {
                Verdict::GiveUp => return Err(error),
                Verdict::RetryAfter(ms) => {
                    if let Some(hook) = &self.config.hooks.retry {
                        let event = self.event().answer(answer.status, &answer.request_id);
                        tell(hook, &event.with("error", error.class()).with("waitMs", ms));
                    }
                    transport::pause(ms, watch).await.map_err(|cut| self.cut_short(cut))?;
                }
            }
        }
    }

    /// Hands out what the server sent, and tells those who asked about it.
    fn succeed(&self, answer: Answer) -> JsValue {
        if let Some(hook) = &self.request.options.on_response {
            let event = self.event().answer(answer.status, &answer.request_id).with("headers", &answer.headers);
            let event = event.with("durationMs", self.elapsed()).with("attempts", self.attempts());
            let key = self.request.idempotency_key.as_ref();
            tell(hook, &key.into_iter().fold(event, |event, key| event.with("idempotencyKey", key)));
        }
        match answer.outcome {
            Outcome::Success(value) => value,
            _ => JsValue::UNDEFINED,
        }
    }

    /// Listens to the caller's signal. One that has fired already lets nothing be sent.
    fn watch(&self) -> Result<Option<Rc<AbortWatch>>, Error> {
        let Some(signal) = &self.request.options.signal else { return Ok(None) };
        let what = self.what();
        if signal.has_fired() {
            return Err(outcome::aborted(&signal.why(), &self.place(&what)));
        }
        if let Some(shared) = &self.request.watch {
            return Ok(Some(shared.clone()));
        }
        AbortWatch::new(signal.clone()).map(|watch| Some(Rc::new(watch))).map_err(|error| {
            Error::new("ClaivError", [&what, " could not listen to its signal."].concat()).with("cause", error)
        })
    }

    /// Reads the content that the body still lacks, under the limits of an attempt.
    async fn complete(&mut self, watch: Option<&AbortWatch>) -> Result<(), Error> {
        let Some(source) = &self.request.content else { return Ok(()) };
        let mut faults = Faults::default();
        let text = content::read(source, &self.bound(watch)?, &mut faults).await.map_err(|cut| self.cut_short(cut))?;
        if faults.0.is_empty() {
            let json = host::to_json(&text).ok().and_then(|json| json.dyn_into::<JsString>().ok());
            let whole = self.body.as_ref().zip(json.as_ref());
            self.body = whole.and_then(|(body, json)| add_field(body, "\"content\":", json));
            if self.body.is_none() {
                faults.add(content::FIELD, "could not be put into the request: let it be a plain object");
            }
        }
        if faults.0.is_empty() { Ok(()) } else { Err(error::validation("The request was not sent", &faults)) }
    }

    /// The Authorization of this call. A function is asked once, under the limits of an attempt.
    async fn authorize(&self, watch: Option<&AbortWatch>) -> Result<Option<Authorization>, Error> {
        if !self.request.endpoint.authorized {
            return Ok(None);
        }
        let ask = match &self.config.api_key {
            ApiKey::Fixed(authorization) => return Ok(Some(authorization.clone())),
            ApiKey::Asked(ask) => ask,
        };
        let what = self.what();
        let failed = |cause: JsValue| {
            Error::new("ClaivError", [&what, " was not sent: the apiKey function failed."].concat())
                .with("cause", cause)
        };
        let answer = host::call(ask, &[]).map_err(failed)?;
        let key = match self.bound(watch)?.wait(&answer).await {
            Ok(settled) => settled.map_err(failed)?,
            Err(cut) => return Err(self.cut_short(cut)),
        };
        let mut faults = Faults::default();
        let authorization = Authorization::read(&key, &mut faults);
        authorization.map(Some).ok_or_else(|| error::validation("The request was not sent", &faults))
    }

    async fn send(&self, authorization: Option<&Authorization>, watch: Option<&AbortWatch>) -> Result<Answer, Error> {
        // A hook may have aborted just now; then nothing is sent.
        if let Some(watch) = watch.filter(|watch| watch.signal.has_fired()) {
            return Err(self.cut_short(Outcome::Aborted(watch.signal.why())));
        }
        let headers = Fields::empty();
        self.config.headers.write_to(&headers);
        self.request.options.headers.write_to(&headers);
        let json = names::js("application/json");
        headers.set("accept", &json);
        if self.body.is_some() {
            headers.set("content-type", &json);
        }
        if let Some(authorization) = authorization {
            authorization.write_to(&headers);
        }
        let sending = Sending {
            fetch: self.config.fetch.as_ref(),
            url: &self.request.url,
            method: self.request.endpoint.method,
            headers: &headers,
            body: self.body.as_ref(),
            secret: authorization.map(|authorization| &authorization.key),
            shows_headers: self.request.options.on_response.is_some(),
        };
        Ok(transport::attempt(&sending, &self.bound(watch)?).await)
    }

    /// The limit of one attempt: `timeout`, or what is left of `totalTimeout` where that is less.
    fn bound<'w>(&self, watch: Option<&'w AbortWatch>) -> Result<Bound<'w>, Error> {
        let limits = &self.request.options.limits;
        let attempt = Limit { ms: limits.timeout, total: false };
        let Some((total, left)) = limits.total_timeout.zip(self.left()) else {
            return Ok(Bound::new(attempt.ms, attempt, watch));
        };
        let total = Limit { ms: total, total: true };
        if left <= 0.0 {
            return Err(self.cut_short(Outcome::TimedOut(total)));
        }
        Ok(if left < attempt.ms { Bound::new(left, total, watch) } else { Bound::new(attempt.ms, attempt, watch) })
    }

    fn judge(&self, answer: &Answer) -> Verdict {
        let limits = &self.request.options.limits;
        let policy = Policy {
            max_retries: limits.max_retries,
            max_retry_delay: limits.max_retry_delay,
            replayable: self.request.replayable,
        };
        policy.judge(answer.failure(), self.attempt, answer.wish(), self.left(), host::random())
    }

    /// Lets a 429 hold back the other calls of a batch, and them this one.
    fn keep_pace(&self, answer: &Answer, verdict: Verdict) -> Verdict {
        let Some(pacer) = &self.request.pacer else { return verdict };
        if answer.status == 429 {
            pacer.hold(match verdict {
                Verdict::RetryAfter(ms) => ms,
                Verdict::GiveUp => answer.wish().unwrap_or(0.0).min(self.request.options.limits.max_retry_delay),
            });
        }
        match verdict {
            Verdict::RetryAfter(ms) => {
                let ms = ms.max(pacer.left());
                if self.left().is_some_and(|left| ms >= left) { Verdict::GiveUp } else { Verdict::RetryAfter(ms) }
            }
            Verdict::GiveUp => Verdict::GiveUp,
        }
    }

    /// What remains of `totalTimeout`, in milliseconds.
    fn left(&self) -> Option<f64> {
        self.request.options.limits.total_timeout.map(|total| total - self.elapsed())
    }

    /// The error of a call that was cut short outside an attempt.
    fn cut_short(&self, cut: Outcome) -> Error {
        let what = self.what();
        let place = self.place(&what);
        match cut {
            Outcome::TimedOut(limit) => outcome::timed_out(limit, &place),
            Outcome::Aborted(reason) => outcome::aborted(&reason, &place),
            _ => Error::new("ClaivError", [&what, " failed."].concat()),
        }
    }

    /// Notes an attempt that is over, and tells of its answer.
    fn remember(&mut self, answer: &Answer, error: Option<&Error>, duration: f64) {
        let certain = match answer.outcome {
            Outcome::Refused { .. } => api::refused(answer.status),
            Outcome::NoHost(_) => true,
            _ => false,
        };
        self.uncertain |= !certain;
        let duration = millis(duration);
        if let (Some(hook), 1..) = (&self.config.hooks.response, answer.status) {
            tell(hook, &self.event().answer(answer.status, &answer.request_id).with("durationMs", duration));
        }
        let error = error.map(|error| error.message().into());
        self.trace.push(Attempt { status: answer.status, request_id: answer.request_id.clone(), duration, error });
    }

    /// Adds what the caller needs in order to go on: what was tried, and whether it may have been applied.
    fn finish(&self, error: Error) -> Error {
        if let Some(hook) = &self.config.hooks.error {
            let event = match self.trace.last() {
                Some(last) => self.event().answer(last.status, &last.request_id),
                None => self.event(),
            };
            tell(hook, &event.with("error", error.class()).with("durationMs", self.elapsed()));
        }
        let error = error.with("attempts", self.attempts()).with("mayHaveBeenApplied", self.uncertain);
        match &self.request.idempotency_key {
            Some(key) => error.with("idempotencyKey", key),
            None => error,
        }
    }

    fn attempts(&self) -> Array {
        let attempts = Array::new();
        for attempt in &self.trace {
            let entry = Fields::empty();
            if attempt.status > 0 {
                entry.set("status", &attempt.status.into());
            }
            if attempt.request_id.length() > 0 {
                entry.set("requestId", &attempt.request_id);
            }
            entry.set("durationMs", &attempt.duration.into());
            if let Some(error) = &attempt.error {
                entry.set("error", &JsValue::from_str(error));
            }
            attempts.push(&entry);
        }
        attempts
    }

    fn event(&self) -> Event {
        Event::new(&names::js(self.request.endpoint.method), &self.request.path, self.attempt)
    }

    /// Milliseconds since the call began.
    fn elapsed(&self) -> f64 {
        millis(now() - self.started)
    }

    fn place<'w>(&self, what: &'w str) -> Place<'w> {
        Place { what, attempt: self.attempt, elapsed: self.elapsed() }
    }

    /// Such as `POST /v1/ingest`.
    fn what(&self) -> String {
        [self.request.endpoint.method, " ", &String::from(&self.request.path)].concat()
    }
}

/// A duration as it is shown: tenths of a millisecond are as fine as clocks are true.
fn millis(duration: f64) -> f64 {
    (duration * 10.0).trunc() / 10.0
}
