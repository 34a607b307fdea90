//! Milestones.

use webhook_core::Wire;

/// A milestone that was added.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/milestone)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[non_exhaustive]
#[doc(alias = "milestone.created")]
pub struct Milestone {
    /// The id of the milestone within its project.
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// What the milestone is about.
    #[wire(nullable)]
    pub description: Option<String>,
}
