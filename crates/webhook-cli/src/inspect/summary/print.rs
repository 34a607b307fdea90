//! A summary as tables for people, and as one JSON object for programs.

use std::cmp::Reverse;
use std::fmt;

use serde::Serialize;
use webhook_core::drift::DriftKind;

use super::{Event, Summary};
use crate::output::{ERROR, FAINT, NAME, WARNING, plain, styled};

impl Summary {
    /// The counts of each event, by vendor and name.
    fn events(&self) -> Vec<EventRow<'_>> {
        let of_all = self.named().map(|(vendor, event, counted)| EventRow {
            vendor,
            event,
            listed: counted.listed,
            payloads: counted.payloads,
            failed: counted.failed,
        });
        let mut events: Vec<_> = of_all.collect();
        events.sort_by_key(|row| (row.vendor, row.event));
        events
    }

    /// The kinds of drift, the most frequent first.
    fn drift(&self) -> Vec<DriftRow<'_>> {
        let of_all = self.named().flat_map(|(vendor, event, counted)| {
            counted.drift.iter().map(move |((path, kind), count)| DriftRow {
                vendor,
                event,
                path,
                kind: *kind,
                count: *count,
            })
        });
        let mut drift: Vec<_> = of_all.collect();
        drift.sort_by_key(|row| (Reverse(row.count), row.vendor, row.event, row.path, row.kind));
        drift
    }

    /// The reasons why payloads do not decode, the most frequent first.
    fn failures(&self) -> Vec<FailureRow<'_>> {
        let of_all = self.named().flat_map(|(vendor, event, counted)| {
            counted.failures.iter().map(move |(message, first)| FailureRow {
                vendor,
                event,
                message,
                count: first.count,
                first: &first.place,
            })
        });
        let mut failures: Vec<_> = of_all.collect();
        failures.sort_by_key(|row| (Reverse(row.count), row.vendor, row.event, row.message));
        failures
    }

    /// The events with their vendors and names.
    fn named(&self) -> impl Iterator<Item = (Option<&'static str>, Option<&str>, &Event)> {
        self.events
            .iter()
            .flat_map(|(vendor, events)| events.iter().map(|(name, event)| (*vendor, name.as_deref(), event)))
    }
}

/// The display form of a vendor or an event, which may be unknown.
fn shown(name: Option<&str>) -> String {
    name.map_or_else(|| "-".to_owned(), plain)
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { payloads, failed, unread, .. } = self;
        write!(f, "payloads: {payloads}, decoded: {}, not decoded: {failed}", payloads - failed)?;
        if *unread > 0 {
            write!(f, ", not read: {unread}")?;
        }
        writeln!(f)?;
        let events = self.events();
        heading(f, "events", events.len())?;
        let width = events.iter().map(|row| shown(row.event).chars().count()).max().unwrap_or_default();
        for row in events {
            let name = shown(row.event);
            let gap = " ".repeat(width - name.chars().count());
            write!(f, "{:>10}  {:10}  {}", row.payloads, shown(row.vendor), styled(NAME, name))?;
            if !row.listed {
                write!(f, "{gap}  {}", styled(WARNING, "not listed"))?;
            }
            if row.failed > 0 {
                write!(f, "{gap}  {}", styled(ERROR, format_args!("{} not decoded", row.failed)))?;
            }
            writeln!(f)?;
        }
        let drift = self.drift();
        heading(f, "drift", drift.len())?;
        for DriftRow { vendor, event, path, kind, count } in drift {
            let (vendor, name) = (shown(vendor), shown(event));
            let kind = kind.as_str().replace('_', " ");
            writeln!(f, "{count:>10}  {vendor:10}  {name}  {}  {kind}", styled(WARNING, plain(path)))?;
        }
        let failures = self.failures();
        heading(f, "failures", failures.len())?;
        for FailureRow { message, count, first, .. } in failures {
            let place = styled(FAINT, format_args!("(first in {})", plain(first)));
            writeln!(f, "{count:>10}  {} {place}", styled(ERROR, plain(message)))?;
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
        Json {
            payloads: self.payloads,
            decoded: self.payloads - self.failed,
            failed: self.failed,
            unread: self.unread,
            events: self.events(),
            drift: self.drift(),
            failures: self.failures(),
            others: self.others,
        }
    }
}
