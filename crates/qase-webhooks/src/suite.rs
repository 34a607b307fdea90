//! Test suites.

use webhook_core::Wire;

/// A suite that was added.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-suite)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "suite.created")]
pub struct Suite {
    /// The id of the suite within its project.
    #[wire(identity)]
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// The description.
    #[wire(nullable)]
    pub description: Option<String>,
    /// The conditions that must be met before its cases.
    #[wire(nullable)]
    pub preconditions: Option<String>,
    /// The suite that holds it; `None` at the top level.
    #[wire(nullable)]
    pub parent_id: Option<u64>,
}
