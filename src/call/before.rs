//! What comes before the first attempt: the signal, a document's content, and the key.

use super::{Phase, State, Step};
use crate::error::{self, Error, outcome};
use crate::options::{ApiKey, Authorization};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::signal::{Listener, has_fired};
use crate::platform::value::{Kept, Val};
use crate::platform::wait::FIRED;
use crate::rules::{At, Faults, MOST_CONTENT, TOO_LONG, check_content};
use crate::transport::content::read_content;

impl State {
    pub(super) fn begin(&mut self) -> Step {
        let signal = self.request.options.signal;
        if has_fired(signal) {
            return Err(outcome::aborted(self.call(), signal));
        }
        // A batch listens for all of its calls.
        if !signal.is_none() && self.batch.is_none() {
            let listener =
                Listener::new(Kept::lent(signal), Kept::lent(self.ticket.callback(FIRED))).map_err(|error| {
                    Error::plain(self.call().s("could not listen to its signal.")).with(Name::Cause, error)
                })?;
            self.listener = Some(listener);
        }
        if self.request.content.is_none() {
            return self.authorize();
        }
        self.set_limit()?;
        match read_content(self.request.content, f64::from(MOST_CONTENT)) {
            Err(error) => self.read_content(Err(error)),
            Ok(reading) => {
                let text = reading.text();
                self.reading = Some(reading);
                self.wait(text, Phase::Content)
            }
        }
    }

    /// Takes what was read of a document's content, and puts it into the body.
    pub(super) fn read_content(&mut self, read: Result<Val, Val>) -> Step {
        let faults = Faults::default();
        let at = At::name(Name::Content);
        match read {
            Err(error) => faults.threw(at, "read", error),
            Ok(text) if text.is_none() => faults.add(at, TOO_LONG),
            Ok(text) => check_content(at, text, &faults),
        }
        if faults.is_empty() {
            self.reading = None;
            let json = read.ok().and_then(|text| host::to_json(text).ok()).unwrap_or_default();
            if !self.request.add_field(Name::ContentPiece, json, Name::ContentEnd) {
                faults.add(at, "could not be put into the request: let it be a plain object");
            }
        }
        if !faults.is_empty() {
            self.stop_reading();
            return Err(error::validation("The request was not sent", &faults));
        }
        self.authorize()
    }

    /// Lets go of what has not been read: it may hold a connection.
    pub(super) fn stop_reading(&self) {
        if let Some(reading) = &self.reading {
            reading.cancel();
        }
    }

    /// The Authorization of this call. A function is asked once, under the limits of an attempt.
    pub(super) fn authorize(&mut self) -> Step {
        match &self.config.api_key {
            _ if !self.request.endpoint.authorized => {}
            ApiKey::Fixed(key, header) => self.authorization = Authorization { key: **key, header: **header },
            ApiKey::Asked(ask) => {
                let ask = **ask;
                self.set_limit()?;
                return match host::ask(ask) {
                    Ok(answer) => self.wait(answer, Phase::Key),
                    Err(error) => self.read_key(Err(error)),
                };
            }
        }
        self.attempt()
    }

    pub(super) fn read_key(&mut self, key: Result<Val, Val>) -> Step {
        let key = key.map_err(|cause| {
            Error::plain(self.call().s("was not sent: the apiKey function failed.")).with(Name::Cause, cause)
        })?;
        let faults = Faults::default();
        self.authorization = Authorization::read(key, &faults);
        if !faults.is_empty() {
            return Err(error::validation("The request was not sent", &faults));
        }
        self.attempt()
    }
}
