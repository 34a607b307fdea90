//! A delivery as a line, and the lines on standard output.

use std::io;

use super::Printed;
use super::drift_log::DriftLog;
use super::repeats::Repeats;
use super::stream::Stream;
use crate::listen::events::Patterns;
use crate::report::{Forwarded, Report};
use crate::vendor::Vendor;

/// What prints.
pub(in crate::listen) struct Printer {
    stream: Stream,
    json: bool,
    events: Patterns,
    /// The number of deliveries that are still to be printed; `None` for no limit.
    remaining: Option<u64>,
    repeats: Repeats,
    drift_log: Option<DriftLog>,
    /// Lines for the drift log, until those of the deliveries are written.
    drift: Vec<String>,
}

impl Printer {
    /// Prints deliveries of these events, at most `count` if it is given.
    pub(in crate::listen) fn new(
        json: bool,
        events: Patterns,
        count: Option<u64>,
        drift_log: Option<DriftLog>,
    ) -> Self {
        Self {
            stream: Stream::new(json),
            json,
            events,
            remaining: count,
            repeats: Repeats::default(),
            drift_log,
            drift: Vec::new(),
        }
    }

    /// Appends the line of a delivery, if its event is selected.
    pub(super) fn format(
        &mut self,
        vendor: Vendor,
        mut report: Report,
        again: bool,
        forwarded: Option<Forwarded>,
        lines: &mut Vec<u8>,
    ) -> Printed {
        let printed = if report.is_object() { Printed::Object } else { Printed::NoObject };
        if self.drift_log.is_some() {
            self.drift.extend(report.drift_lines());
        }
        if !self.events.matches(report.event.as_deref()) {
            return printed;
        }
        let before = self.repeats.note(vendor, report.key().unwrap_or_default());
        // The inbox may have deliveries that this process has not seen.
        let repeat = before.max(u64::from(again));
        report.add(repeat, forwarded);
        let start = lines.len();
        let appended = if self.json { report.write_json_line(lines) } else { report.write_line(lines) };
        if let Err(error) = appended {
            // Serialisation of a report does not fail. If it did, the delivery must not be acknowledged.
            tracing::error!(%error, "failed to write a delivery as a line");
            lines.truncate(start);
            return Printed::Not;
        }
        if let Some(remaining) = &mut self.remaining {
            *remaining = remaining.saturating_sub(1);
        }
        printed
    }

    /// Whether as many deliveries as were asked for have a line.
    pub(super) fn has_enough(&self) -> bool {
        self.remaining == Some(0)
    }

    /// Writes lines, all of them or with an error.
    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.stream.write(lines)
    }

    /// Runs work that no sender waits for.
    pub(super) fn after_write(&mut self) {
        if let Some(log) = &mut self.drift_log {
            log.note(self.drift.drain(..));
        }
    }
}
