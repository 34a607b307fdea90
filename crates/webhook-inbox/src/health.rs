//! Checks of the store.

use serde::Serialize;

/// The result of a check of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// The kind and version of the store.
    pub store: String,
    /// The faults; empty if there are none.
    pub problems: Vec<String>,
    /// The version of the schema.
    pub schema: u32,
    /// The number of stored deliveries, including those whose body was pruned.
    pub deliveries: u64,
    /// The size of the store in bytes.
    pub bytes: u64,
    /// The free space for the store in bytes; `None` if it is not known.
    pub free_bytes: Option<u64>,
}

impl Health {
    /// Whether there are no faults.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}
