//! What a vendor crate gets from the core, held against an invented vendor.

#![expect(unreachable_pub, reason = "the macros write public types for vendor crates")]

mod authentication;
mod invented;
