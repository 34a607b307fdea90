//! What a vendor crate gets from the core, held against an invented vendor.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing test may panic")]
#![expect(unreachable_pub, reason = "the macros write public types for vendor crates")]

mod authentication;
mod invented;
