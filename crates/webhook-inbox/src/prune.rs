//! The selection of deliveries to remove.

use chrono::{DateTime, Utc};

use crate::filter::Filter;

/// Selects deliveries to remove: those received before a time that every sink has handled.
///
/// The keys stay, without body and headers, so that a later repetition is recognised. If no sink was registered for a
/// delivery, only its age is checked.
///
/// ```
/// use chrono::{TimeDelta, Utc};
/// use webhook_inbox::{Filter, Prune};
///
/// let month = Prune::before(Utc::now() - TimeDelta::days(30));
/// let with_dead_ones = Prune::of(Filter::default().vendor("qase")).and_dead();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Prune {
    /// Which deliveries.
    pub filter: Filter,
    /// Also those that are dead at some sink.
    pub dead: bool,
    /// Also those that some sink has not handled yet.
    pub pending: bool,
}

impl Prune {
    /// Removes deliveries received before this time.
    pub fn before(time: DateTime<Utc>) -> Self {
        Self::of(Filter::default().received_before(time))
    }

    /// Removes deliveries that a filter selects.
    pub fn of(filter: Filter) -> Self {
        Self { filter, dead: false, pending: false }
    }

    /// Also removes deliveries that are dead at some sink.
    #[must_use]
    pub fn and_dead(mut self) -> Self {
        self.dead = true;
        self
    }

    /// Also removes deliveries that some sink has not handled yet. They are lost for that sink.
    #[must_use]
    pub fn and_pending(mut self) -> Self {
        self.pending = true;
        self
    }
}
