//! The design that most libraries use, to compare with: one enum, tagged by the event's name, flattened into its
//! envelope, everything by serde's derives. It reads the benchmarked events, and the fields that this library reads.

#![allow(dead_code, reason = "decoded and never read")]

pub mod deepsource;
pub mod monitorqa;
pub mod qase;
