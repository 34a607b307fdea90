//! Benchmarks of decoding, relative to parsing alone: the payloads, the operations and the measurement.
//!
//! `cargo xtask bench` runs it. Allocations are counted by a separate binary, because a counting allocator would add
//! instructions to every count.

pub mod allocations;
pub mod check;
pub mod instructions;
pub mod payload;
pub mod report;
pub mod run;
pub mod subject;
pub mod tagged;
pub mod time;
