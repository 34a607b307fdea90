//! Milestones.

use webhook_core::Wire;

/// A milestone that was added.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/milestone)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "milestone.created")]
pub struct Milestone {
    /// The id of the milestone within its project.
    #[wire(identity)]
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// The description.
    #[wire(tolerated)]
    pub description: Option<String>,
}
