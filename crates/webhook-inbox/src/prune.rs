//! Which deliveries are removed.

use chrono::{DateTime, Utc};

use crate::filter::Filter;

/// What to remove: deliveries received before a time that every sink has handled.
///
/// The keys that make a later repetition recognisable stay, without body and headers. A delivery that no sink was ever
/// registered for is removed by its age.
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
    /// Those too that some sink has given up.
    pub dead: bool,
    /// Those too that some sink has not handled yet.
    pub pending: bool,
}

impl Prune {
    /// Removes what was received before this time.
    pub fn before(time: DateTime<Utc>) -> Self {
        Self::of(Filter::default().received_before(time))
    }

    /// Removes what a filter selects.
    pub fn of(filter: Filter) -> Self {
        Self { filter, dead: false, pending: false }
    }

    /// Removes too what some sink has given up.
    #[must_use]
    pub fn and_dead(mut self) -> Self {
        self.dead = true;
        self
    }

    /// Removes too what some sink has not handled yet: it is lost for that sink.
    #[must_use]
    pub fn and_pending(mut self) -> Self {
        self.pending = true;
        self
    }
}
