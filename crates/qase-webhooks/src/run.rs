//! Test runs.

use webhook_core::Wire;

/// The outcome of a run that has ended.
///
/// The counters need not add up to [`cases`](Self::cases): results with other statuses are in none of them.
/// `run.completed` may be sent before the results are processed: a real delivery had zero in every counter and in the
/// duration although the run had results. Where the numbers matter, read the run again later through the vendor's API.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-run)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[non_exhaustive]
#[doc(alias = "run.completed")]
#[doc(alias = "run.aborted")]
pub struct RunTotals {
    /// The id of the run within its project.
    pub id: u64,
    /// How many cases the run has.
    pub cases: u64,
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were blocked.
    pub blocked: u64,
    /// How many had no result; in `run.aborted` only.
    #[wire(optional)]
    pub untested: Option<u64>,
    /// How many were skipped; in `run.aborted` only, and since April 2022.
    #[wire(optional, alias = "skiped")]
    pub skipped: Option<u64>,
    /// How long the run took, in milliseconds. The vendor's page said seconds until October 2024.
    #[wire(rename = "duration")]
    pub duration_ms: Option<u64>,
}
