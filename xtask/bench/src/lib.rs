//! What decoding costs, relative to parsing alone: the payloads, what is done with them, and how it is measured.
//!
//! `cargo xtask bench` runs it. Allocations are counted by a binary of their own, because a counting allocator would
//! stand in every count of instructions.

pub mod allocations;
pub mod check;
pub mod instructions;
pub mod payload;
pub mod report;
pub mod run;
pub mod subject;
pub mod tagged;
pub mod time;
