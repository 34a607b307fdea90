//! The counts of all answers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::output::{ERROR, NAME, plain, styled};

#[derive(Default)]
pub(super) struct Tally {
    statuses: BTreeMap<String, u32>,
    latencies: Vec<Duration>,
    failed: u32,
    unauthorized: bool,
}

impl Tally {
    /// Counts the status of an answer, or the reason why there is none.
    pub(super) fn note(&mut self, outcome: Result<u16, String>, latency: Duration) {
        let success = outcome.as_ref().is_ok_and(|status| (200..300).contains(status));
        self.failed += u32::from(!success);
        self.unauthorized |= outcome.as_ref().is_ok_and(|status| *status == 401);
        let label = outcome.map_or_else(|error| plain(&error), |status| status.to_string());
        *self.statuses.entry(label).or_default() += 1;
        self.latencies.push(latency);
    }

    pub(super) fn failed(&self) -> bool {
        self.failed > 0
    }

    /// Whether a request was rejected as forged.
    pub(super) fn unauthorized(&self) -> bool {
        self.unauthorized
    }

    pub(super) fn summary(&mut self) -> String {
        let mut text = String::new();
        for (status, count) in &self.statuses {
            let style = if status.starts_with('2') { NAME } else { ERROR };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{} {count}", styled(style, format_args!("{status}:")));
        }
        self.latencies.sort_unstable();
        let last = self.latencies.len().saturating_sub(1);
        let at = |hundredths: usize| {
            let latency = self.latencies.get(last * hundredths / 100).copied().unwrap_or_default();
            format!("{:.1} ms", latency.as_secs_f64() * 1e3)
        };
        let _ = writeln!(text, "latency: median {}, 95 % {}, longest {}", at(50), at(95), at(100));
        text
    }
}
