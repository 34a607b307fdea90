//! A summary as tables for people, and as one JSON object for programs.

use std::fmt;

use serde::Serialize;
use webhook_core::drift::DriftKind;

use super::{Count, Summary};
use crate::output::{ERROR, FAINT, NAME, WARNING, plain, styled};

/// The rows of a table, the most frequent first.
fn by_count<'a, K: Ord, V>(
    rows: impl Iterator<Item = (&'a K, &'a V)>,
    count: fn(&V) -> u64,
) -> Vec<(&'a K, &'a V)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|(one, first), (other, second)| count(second).cmp(&count(first)).then(one.cmp(other)));
    rows
}

impl Summary {
    /// The counts of each event, by vendor and name.
    fn events(&self) -> Vec<(Option<&'static str>, Option<&str>, &Count)> {
        let of_all = self.events.iter().flat_map(|(vendor, events)| {
            events.0.iter().map(|(name, count)| (*vendor, name.as_deref(), count))
        });
        let mut events: Vec<_> = of_all.collect();
        events.sort_by_key(|(vendor, name, _)| (*vendor, *name));
        events
    }
}

/// The display form of a vendor or an event, which may be unknown.
fn shown(name: Option<&str>) -> String {
    name.map_or_else(|| "-".to_owned(), plain)
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { payloads, failed, unread, .. } = self;
        write!(f, "{payloads} payloads, {} decoded, {failed} not", payloads - failed)?;
        if *unread > 0 {
            write!(f, ", {unread} not read")?;
        }
        writeln!(f)?;
        let events = self.events();
        heading(f, "events", events.len())?;
        let width = events.iter().map(|(_, name, _)| shown(*name).chars().count()).max().unwrap_or_default();
        for (vendor, name, count) in events {
            let name = shown(name);
            let gap = " ".repeat(width - name.chars().count());
            write!(f, "{:>10}  {:10}  {}", count.payloads, shown(vendor), styled(NAME, name))?;
            if !count.listed {
                write!(f, "{gap}  {}", styled(WARNING, "not listed"))?;
            }
            if count.failed > 0 {
                write!(f, "{gap}  {}", styled(ERROR, format_args!("{} not decoded", count.failed)))?;
            }
            writeln!(f)?;
        }
        let drift = by_count(self.drift.0.iter(), |count| *count);
        heading(f, "drift", drift.len())?;
        for (drift, count) in drift {
            let (vendor, name) = (shown(drift.event.vendor), shown(drift.event.name.as_deref()));
            let kind = drift.kind.as_str().replace('_', " ");
            writeln!(f, "{count:>10}  {vendor:10}  {name}  {}  {kind}", styled(WARNING, plain(&drift.path)))?;
        }
        let failures = by_count(self.failures.0.iter(), |first| first.count);
        heading(f, "failures", failures.len())?;
        for (failure, first) in failures {
            let place = styled(FAINT, format_args!("(first in {})", plain(&first.place)));
            writeln!(f, "{:>10}  {} {place}", first.count, styled(ERROR, plain(&failure.message)))?;
        }
        if self.others > 0 {
            writeln!(f, "{:>10}  further counts, which do not fit into the tables", self.others)?;
        }
        Ok(())
    }
}

/// The heading of a table that has rows.
fn heading(f: &mut fmt::Formatter<'_>, title: &str, rows: usize) -> fmt::Result {
    if rows == 0 { Ok(()) } else { writeln!(f, "{}", styled(NAME, title)) }
}

/// The keys are in the order in which they are printed.
#[derive(Serialize)]
pub(in crate::inspect) struct Json<'a> {
    payloads: u64,
    decoded: u64,
    failed: u64,
    unread: u64,
    events: Vec<EventRow<'a>>,
    drift: Vec<DriftRow<'a>>,
    failures: Vec<FailureRow<'a>>,
    /// Counts that do not fit into the tables.
    others: u64,
}

#[derive(Serialize)]
struct EventRow<'a> {
    vendor: Option<&'static str>,
    event: Option<&'a str>,
    listed: bool,
    payloads: u64,
    failed: u64,
}

#[derive(Serialize)]
struct DriftRow<'a> {
    vendor: Option<&'static str>,
    event: Option<&'a str>,
    path: &'a str,
    kind: DriftKind,
    count: u64,
}

#[derive(Serialize)]
struct FailureRow<'a> {
    vendor: Option<&'static str>,
    event: Option<&'a str>,
    message: &'a str,
    count: u64,
    first: &'a str,
}

impl Summary {
    /// The summary for programs.
    pub(in crate::inspect) fn as_json(&self) -> Json<'_> {
        let events = self.events().into_iter().map(|(vendor, event, count)| EventRow {
            vendor,
            event,
            listed: count.listed,
            payloads: count.payloads,
            failed: count.failed,
        });
        let drift =
            by_count(self.drift.0.iter(), |count| *count).into_iter().map(|(drift, count)| DriftRow {
                vendor: drift.event.vendor,
                event: drift.event.name.as_deref(),
                path: &drift.path,
                kind: drift.kind,
                count: *count,
            });
        let failures = by_count(self.failures.0.iter(), |first| first.count);
        let failures = failures.into_iter().map(|(failure, first)| FailureRow {
            vendor: failure.event.vendor,
            event: failure.event.name.as_deref(),
            message: &failure.message,
            count: first.count,
            first: &first.place,
        });
        Json {
            payloads: self.payloads,
            decoded: self.payloads - self.failed,
            failed: self.failed,
            unread: self.unread,
            events: events.collect(),
            drift: drift.collect(),
            failures: failures.collect(),
            others: self.others,
        }
    }
}
