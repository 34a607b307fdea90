//! The filter options of a command.

use chrono::{DateTime, Utc};
use clap::Args;
use webhook_inbox::{Filter, Seq, State};

use super::time::moment;
use crate::vendor::Vendor;

/// Selects deliveries that meet all given conditions.
#[derive(Args)]
pub(super) struct Conditions {
    /// Only the delivery with this number
    #[arg(long, value_name = "NUMBER")]
    seq: Option<Seq>,
    /// Deliveries of this vendor
    #[arg(long, value_enum)]
    vendor: Option<Vendor>,
    /// Deliveries of this event; `*` matches any text, as in `run.*`; may be repeated
    #[arg(long, value_name = "PATTERN")]
    event: Vec<String>,
    /// Deliveries of this account: the project, organisation or company
    #[arg(long)]
    account: Option<String>,
    /// Deliveries with this key
    #[arg(long)]
    key: Option<String>,
    /// Deliveries received at this route
    #[arg(long)]
    route: Option<String>,
    /// Received at this time or later: 2026-03-01T12:00:00Z, 2026-03-01, or an age such as 90m, 12h, 7d
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<DateTime<Utc>>,
    /// Received before this time, or longer ago than this age
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<DateTime<Utc>>,
    /// In this state at a sink: pending, claimed, done, dead or skipped; may be repeated
    #[arg(long)]
    state: Vec<State>,
}

impl Conditions {
    /// The filter. Without a condition it selects everything.
    pub(super) fn filter(&self) -> Filter {
        let mut filter = Filter::default();
        filter.seq = self.seq;
        filter.vendor = self.vendor.map(|vendor| vendor.name().to_owned());
        filter.events.clone_from(&self.event);
        filter.account.clone_from(&self.account);
        filter.key.clone_from(&self.key);
        filter.route.clone_from(&self.route);
        filter.received_from = self.since;
        filter.received_before = self.until;
        filter.states.clone_from(&self.state);
        filter
    }

    /// The filter of a command that changes something: it requires a condition or `--all`.
    pub(super) fn filter_or_all(&self, command: &str, all: bool) -> Result<Filter, String> {
        let filter = self.filter();
        match (filter.is_empty(), all) {
            (false, false) => Ok(filter),
            (true, true) => Ok(Filter::all()),
            (true, false) => Err(format!(
                "{command} without a condition acts on every delivery: give a condition, or --all"
            )),
            (false, true) => Err(format!("{command} has a condition and --all: remove one of them")),
        }
    }
}
