//! One configured sink.

mod kinds;

use std::path::Path;
use std::time::Duration;

use webhook_inbox::{Backoff, Consumer, Inbox, Start};

use self::kinds::Kind;
use super::section::Section;
use crate::vendor::Vendor;

/// The maximum concurrency of a sink: each handler holds a body and possibly a process.
const MAX_CONCURRENCY: u64 = 1_024;

/// A sink that can be run.
pub(super) struct Sink {
    pub(super) name: String,
    kind: Kind,
    events: Vec<String>,
    concurrency: usize,
    max_attempts: Option<u32>,
    backoff: Backoff,
    start: Start,
}

impl Sink {
    /// Reads a section. Errors are collected in it.
    pub(super) fn of(section: &mut Section, allow_private: bool) -> Option<Self> {
        let name = section.name.clone();
        if name.is_empty() || name.len() > webhook_inbox::MAX_NAME_BYTES || name.chars().any(char::is_control)
        {
            section.problem::<()>("the name of a sink has 1 to 255 bytes and no control characters");
        }
        let Some(word) = section.choice("type", &kinds::WORDS) else {
            if !section.has("type") {
                section.problem::<()>(&format!("type is missing: one of {}", kinds::WORDS.join(", ")));
            }
            section.forget();
            return None;
        };
        let events = events(section);
        let concurrency = section.number("concurrency", MAX_CONCURRENCY).unwrap_or(1);
        let max_attempts = section.number("max_attempts", u64::from(u32::MAX));
        let mut backoff = Backoff::default();
        if let Some(wait) = section.time("retry_first") {
            backoff = backoff.first(wait);
        }
        if let Some(wait) = section.time("retry_max") {
            backoff = backoff.max(wait);
        }
        if backoff.first > backoff.max {
            let Backoff { first, max, .. } = backoff;
            section.problem::<()>(&format!("retry_first, {first:?}, is longer than retry_max, {max:?}"));
        }
        let start = match section.choice("from", &["oldest", "now"]) {
            Some("now") => Start::Now,
            _ => Start::Oldest,
        };
        let kind = Kind::of(word, section, allow_private)?;
        Some(Self {
            name,
            kind,
            events,
            concurrency: usize::try_from(concurrency).unwrap_or(1),
            max_attempts: max_attempts.map(|attempts| u32::try_from(attempts).unwrap_or(u32::MAX)),
            backoff,
            start,
        })
    }

    /// The file that the sink writes, if it does.
    pub(super) fn file(&self) -> Option<&Path> {
        self.kind.file()
    }

    /// A line about the sink, without secrets.
    pub(super) fn describe(&self) -> String {
        let events = if self.events.is_empty() { "all events".to_owned() } else { self.events.join(", ") };
        format!("{}: {} for {events}", self.name, self.kind.describe())
    }

    /// The consumer that runs the sink.
    ///
    /// # Errors
    ///
    /// Something that the sink needs on this machine is missing.
    pub(super) fn consumer(self, inbox: &Inbox, grace: Duration) -> Result<Consumer, String> {
        let mut consumer = inbox
            .consumer(&self.name)
            .events(self.events)
            .concurrency(self.concurrency)
            .retry(self.backoff)
            .from(self.start)
            .shutdown_grace(grace);
        if let Some(attempts) = self.max_attempts {
            consumer = consumer.max_attempts(attempts);
        }
        self.kind.attach(consumer).map_err(|error| format!("sink.{}: {error}", self.name))
    }
}

/// The patterns of events. A pattern that matches no listed event is probably a mistake.
fn events(section: &mut Section) -> Vec<String> {
    let patterns = section.texts("events");
    for pattern in &patterns {
        let listed =
            || Vendor::ALL.iter().copied().flat_map(|vendor| vendor.catalogue().iter().map(|info| info.name));
        let fits = crate::listen::fits_any(&pattern.value, listed());
        if !fits && !pattern.value.contains('*') {
            let meant = crate::nearest::did_you_mean(&pattern.value, listed());
            crate::output::warn(&crate::output::plain(&format!(
                "{}: no vendor lists the event {}{meant}",
                pattern.place, pattern.value
            )));
        }
    }
    patterns.into_iter().map(|pattern| pattern.value).collect()
}
