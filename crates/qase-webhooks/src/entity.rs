//! Payloads that contain only the id of the entity.

use webhook_core::Wire;

/// The id of the entity that an event is about. Ids are counted per project.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "suite.updated")]
#[doc(alias = "suite.deleted")]
#[doc(alias = "milestone.updated")]
#[doc(alias = "milestone.deleted")]
#[doc(alias = "run.deleted")]
#[doc(alias = "defect.updated")]
#[doc(alias = "defect.deleted")]
#[doc(alias = "defect.resolved")]
pub struct EntityRef {
    /// The id of the entity within its project.
    #[wire(identity)]
    pub id: u64,
}

/// The ids of a copy and of its original.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "suite.cloned")]
pub struct ClonedRef {
    /// The id of the copy within its project.
    #[wire(identity)]
    pub id: u64,
    /// The id of the original.
    pub from_id: Option<u64>,
}
