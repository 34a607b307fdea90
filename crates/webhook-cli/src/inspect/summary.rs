//! `--summary`: counts over many payloads. Its size is bounded for any input.

mod print;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use webhook_core::drift::DriftKind;

use crate::report::{Report, without_positions};

/// The maximum number of rows of each table. Further entries are counted in one number.
const MAX_ROWS: usize = 10_000;

/// The counts of some payloads.
#[derive(Default)]
pub(crate) struct Summary {
    pub(super) payloads: u64,
    pub(super) failed: u64,
    /// Files that could not be read, and lines that are too long.
    pub(super) unread: u64,
    /// By vendor and name of the event. Both are unknown if the text is not a webhook.
    events: HashMap<Option<&'static str>, HashMap<Option<String>, Event>>,
    rows: Rows,
    /// The number of entries that did not fit into the tables.
    others: u64,
}

/// The counts of an event, with its rows of the other tables, so that a finding is found without the name of its event.
#[derive(Default)]
struct Event {
    listed: bool,
    payloads: u64,
    failed: u64,
    drift: HashMap<(String, DriftKind), u64>,
    failures: HashMap<String, First>,
}

/// A count, and the place of the first occurrence.
#[derive(Default)]
struct First {
    count: u64,
    place: String,
}

/// The number of rows of each table.
#[derive(Default)]
struct Rows {
    events: usize,
    drift: usize,
    failures: usize,
}

/// The value of a key; `None` if the key is new and the table is full.
fn row<'t, K: Eq + Hash, V: Default>(
    table: &'t mut HashMap<K, V>,
    key: K,
    rows: &mut usize,
) -> Option<&'t mut V> {
    match table.entry(key) {
        Entry::Occupied(row) => Some(row.into_mut()),
        Entry::Vacant(_) if *rows >= MAX_ROWS => None,
        Entry::Vacant(row) => {
            *rows += 1;
            Some(row.insert(V::default()))
        }
    }
}

impl Summary {
    /// One input that could not be read.
    pub(super) fn of_unread() -> Self {
        Self { unread: 1, ..Self::default() }
    }

    /// Counts a payload.
    pub(super) fn note(&mut self, report: &Report) {
        let failed = u64::from(!report.decoded);
        self.payloads += 1;
        self.failed += failed;
        let of_vendor = self.events.entry(report.vendor).or_default();
        // Most names are known, and are found without a copy.
        let known = of_vendor.contains_key(&report.event);
        let event = if known {
            of_vendor.get_mut(&report.event)
        } else {
            row(of_vendor, report.event.clone(), &mut self.rows.events)
        };
        let Some(event) = event else {
            self.others += 1;
            return;
        };
        event.listed = report.listed;
        event.payloads += 1;
        event.failed += failed;
        for finding in &report.drift {
            let key = (without_positions(&finding.path).into_owned(), finding.kind);
            match row(&mut event.drift, key, &mut self.rows.drift) {
                Some(count) => *count += 1,
                None => self.others += 1,
            }
        }
        if let Some(failure) = &report.error {
            match row(&mut event.failures, failure.message.clone(), &mut self.rows.failures) {
                Some(first) => first.note(1, || report.place()),
                None => self.others += 1,
            }
        }
    }

    /// Adds the counts of later payloads.
    pub(super) fn merge(&mut self, later: Self) {
        self.payloads += later.payloads;
        self.failed += later.failed;
        self.unread += later.unread;
        self.others += later.others;
        for (vendor, events) in later.events {
            let of_vendor = self.events.entry(vendor).or_default();
            for (name, counted) in events {
                let Some(event) = row(of_vendor, name, &mut self.rows.events) else {
                    self.others += counted.payloads;
                    continue;
                };
                event.listed |= counted.listed;
                event.payloads += counted.payloads;
                event.failed += counted.failed;
                for (key, counted) in counted.drift {
                    match row(&mut event.drift, key, &mut self.rows.drift) {
                        Some(count) => *count += counted,
                        None => self.others += counted,
                    }
                }
                for (message, counted) in counted.failures {
                    match row(&mut event.failures, message, &mut self.rows.failures) {
                        Some(first) => first.note(counted.count, || counted.place),
                        None => self.others += counted.count,
                    }
                }
            }
        }
    }

    /// Whether there was no input.
    pub(super) fn is_empty(&self) -> bool {
        self.payloads + self.unread == 0
    }
}

impl First {
    fn note(&mut self, count: u64, place: impl FnOnce() -> String) {
        if self.count == 0 {
            self.place = place();
        }
        self.count += count;
    }
}
