//! The bench against correct and faulty receivers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test may panic")]
#![expect(unreachable_pub, reason = "the macros write public types for vendor crates")]

mod bench;
mod examples;
mod extractors;
#[path = "../../../webhook-core/tests/it/invented.rs"]
mod invented;
mod socket;
mod vendors;
