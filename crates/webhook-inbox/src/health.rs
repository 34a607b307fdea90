//! Whether the store is sound.

use serde::Serialize;

/// What a check of the store found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// Which store it is: its kind and version.
    pub store: String,
    /// What is wrong; empty when nothing is.
    pub problems: Vec<String>,
    /// The version of the schema.
    pub schema: u32,
    /// How many deliveries are kept, those whose body was pruned included.
    pub deliveries: u64,
    /// How many bytes the store takes.
    pub bytes: u64,
    /// How many bytes are free where the store is; `None` where that is not known.
    pub free_bytes: Option<u64>,
}

impl Health {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}
