//! `--summary`: counts over many payloads. Its size is bounded for any input.

mod print;

use std::collections::HashMap;
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
    events: Events,
    drift: Table<Drift, u64>,
    failures: Table<Failure, First>,
    /// The number of entries that did not fit into the tables.
    others: u64,
}

/// An event of a vendor. Both are unknown if the text is not a webhook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Event {
    vendor: Option<&'static str>,
    name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Drift {
    event: Event,
    path: String,
    kind: DriftKind,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Failure {
    event: Event,
    message: String,
}

#[derive(Debug, Default)]
struct Count {
    listed: bool,
    payloads: u64,
    failed: u64,
}

/// A count, and the place of the first occurrence.
#[derive(Debug, Default)]
struct First {
    count: u64,
    place: String,
}

/// The counts of each event, found without a copy of its name.
type Events = HashMap<Option<&'static str>, Table<Option<String>, Count>>;

/// A map that stops growing.
struct Table<K, V>(HashMap<K, V>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, V: Default> Table<K, V> {
    /// The value of a key; `None` if the key is new and the map is full.
    fn entry(&mut self, key: K) -> Option<&mut V> {
        if self.0.len() >= MAX_ROWS && !self.0.contains_key(&key) {
            return None;
        }
        Some(self.0.entry(key).or_default())
    }
}

impl Summary {
    /// One input that could not be read.
    pub(super) fn of_unread() -> Self {
        Self { unread: 1, ..Self::default() }
    }

    /// Counts a payload.
    pub(super) fn note(&mut self, report: &Report) {
        let event = || Event { vendor: report.vendor, name: report.event.clone() };
        self.payloads += 1;
        self.failed += u64::from(!report.decoded);
        for finding in &report.drift {
            let key = Drift { event: event(), path: without_positions(&finding.path), kind: finding.kind };
            match self.drift.entry(key) {
                Some(count) => *count += 1,
                None => self.others += 1,
            }
        }
        if let Some(failure) = &report.error {
            let key = Failure { event: event(), message: failure.message.clone() };
            match self.failures.entry(key) {
                Some(first) => first.note(1, || report.place()),
                None => self.others += 1,
            }
        }
        let of_vendor = self.events.entry(report.vendor).or_default();
        let failed = u64::from(!report.decoded);
        match of_vendor.0.get_mut(&report.event) {
            Some(count) => count.add(1, failed),
            None => match of_vendor.entry(report.event.clone()) {
                Some(count) => *count = Count { listed: report.listed, payloads: 1, failed },
                None => self.others += 1,
            },
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
            for (name, counted) in events.0 {
                match of_vendor.entry(name) {
                    Some(count) => {
                        count.listed |= counted.listed;
                        count.add(counted.payloads, counted.failed);
                    }
                    None => self.others += counted.payloads,
                }
            }
        }
        for (key, counted) in later.drift.0 {
            match self.drift.entry(key) {
                Some(count) => *count += counted,
                None => self.others += counted,
            }
        }
        for (key, counted) in later.failures.0 {
            match self.failures.entry(key) {
                Some(first) => first.note(counted.count, || counted.place),
                None => self.others += counted.count,
            }
        }
    }

    /// Whether nothing came.
    pub(super) fn is_empty(&self) -> bool {
        self.payloads + self.unread == 0
    }
}

impl Count {
    fn add(&mut self, payloads: u64, failed: u64) {
        self.payloads += payloads;
        self.failed += failed;
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
