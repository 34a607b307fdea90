//! Payloads that say no more than which entity an event is about.

use webhook_core::Wire;

/// Which entity an event is about, and no more. Ids are counted per project.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct EntityRef {
    /// The id of the entity within its project.
    #[wire(identity)]
    pub id: u64,
}

/// A copy and what it was copied from.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct ClonedRef {
    /// The id of the copy within its project.
    #[wire(identity)]
    pub id: u64,
    /// The id of the original.
    pub from_id: Option<u64>,
}
