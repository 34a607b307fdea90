//! Filters for deliveries.

use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::stored::{Seq, State};

/// Selects deliveries that meet all conditions that are set.
///
/// ```
/// use webhook_inbox::{Filter, State};
///
/// let dead_runs = Filter::default().vendor("qase").event("run.*").state(State::Dead).sink("tickets");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// This delivery alone.
    pub seq: Option<Seq>,
    /// With this number or a larger one.
    pub seq_from: Option<Seq>,
    /// Of this vendor.
    pub vendor: Option<String>,
    /// Received at this route.
    pub route: Option<String>,
    /// With an event that matches one of these patterns, in which `*` matches any text.
    pub events: Vec<String>,
    /// Of this account.
    pub account: Option<String>,
    /// With this key.
    pub key: Option<String>,
    /// With a key that contains this text.
    pub key_contains: Option<String>,
    /// Received at this time or later.
    pub received_from: Option<DateTime<Utc>>,
    /// Received before this time.
    pub received_before: Option<DateTime<Utc>>,
    /// In one of these states at the sink, or at any sink if none is named.
    pub states: Vec<State>,
    /// Known to this sink.
    pub sink: Option<String>,
    /// Lists from the newest to the oldest.
    pub newest_first: bool,
    all: bool,
}

impl Filter {
    /// Every delivery, explicitly: [`replay`](crate::Inbox::replay) requires it if no condition is set.
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// This delivery alone.
    #[must_use]
    pub fn seq(mut self, seq: Seq) -> Self {
        self.seq = Some(seq);
        self
    }

    /// With this number or a larger one: a bound to how far a listing of the newest looks back.
    #[must_use]
    pub fn seq_from(mut self, seq: Seq) -> Self {
        self.seq_from = Some(seq);
        self
    }

    /// Of this vendor.
    #[must_use]
    pub fn vendor(mut self, vendor: impl Into<String>) -> Self {
        self.vendor = Some(vendor.into());
        self
    }

    /// Received at this route.
    #[must_use]
    pub fn route(mut self, route: impl Into<String>) -> Self {
        self.route = Some(route.into());
        self
    }

    /// With an event that matches this pattern, or one that was given before.
    #[must_use]
    pub fn event(mut self, pattern: impl Into<String>) -> Self {
        self.events.push(pattern.into());
        self
    }

    /// Of this account.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// With this key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With a key that contains this text.
    #[must_use]
    pub fn key_contains(mut self, text: impl Into<String>) -> Self {
        self.key_contains = Some(text.into());
        self
    }

    /// Received at this time or later.
    #[must_use]
    pub fn received_from(mut self, from: DateTime<Utc>) -> Self {
        self.received_from = Some(from);
        self
    }

    /// Received before this time.
    #[must_use]
    pub fn received_before(mut self, before: DateTime<Utc>) -> Self {
        self.received_before = Some(before);
        self
    }

    /// In this state at a sink, or in one that was given before.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.states.push(state);
        self
    }

    /// Known to this sink.
    #[must_use]
    pub fn sink(mut self, sink: impl Into<String>) -> Self {
        self.sink = Some(sink.into());
        self
    }

    /// Listed from the newest to the oldest.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Whether no condition is set.
    pub fn is_empty(&self) -> bool {
        let conditions = self.conditions();
        conditions == Self::default() || conditions == Self::all()
    }

    /// Whether the deliveries are listed by the time of receipt instead of by their numbers.
    pub(crate) fn is_by_time(&self) -> bool {
        self.seq.is_none() && (self.received_from.is_some() || self.received_before.is_some())
    }

    /// The same filter without its order.
    fn conditions(&self) -> Self {
        Self { newest_first: false, ..self.clone() }
    }

    /// Rejects a filter that selects everything without [`Filter::all`].
    pub(crate) fn must_mean_it(&self, what: &str) -> Result<(), Error> {
        if self.conditions() == Self::default() {
            return Err(Error::misuse(format!(
                "{what} without a filter would act on every delivery: set a condition, or ask for all of them"
            )));
        }
        Ok(())
    }
}

/// The filters of a listing, each with a name: both stores must read an index for all of them.
#[cfg(test)]
pub(crate) fn listed() -> Vec<(&'static str, Filter)> {
    let any = || Filter::default().newest_first();
    let time = DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::seconds(1_772_366_400);
    let between = || any().received_from(time).received_before(time + chrono::TimeDelta::minutes(5));
    vec![
        ("none", any()),
        ("oldest first", Filter::default()),
        ("vendor", any().vendor("qase")),
        ("route", any().route("a")),
        ("event", any().event("run.*")),
        ("account", any().account("ORBIT")),
        ("key", any().key("id:7")),
        ("text of the key", any().key_contains("7")),
        ("from", any().received_from(time)),
        ("before", any().received_before(time)),
        ("between", between()),
        ("between, oldest first", Filter { newest_first: false, ..between() }),
        ("between and vendor", between().vendor("qase")),
        ("between and event", between().event("run.*")),
        ("between and state", between().state(State::Done)),
        ("vendor and bound", any().vendor("qase").seq_from(Seq::new(5))),
        ("state", any().state(State::Done)),
        ("state and sink", any().state(State::Pending).sink("tickets")),
        ("dead", any().state(State::Dead)),
        ("dead at a sink", any().state(State::Dead).sink("tickets")),
        ("number", any().seq(Seq::new(1))),
    ]
}
