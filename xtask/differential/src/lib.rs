//! Compares the JSON reader, the decoders and drift with `serde_json`, body by body: acceptance, values, names, errors,
//! written JSON, and the keys that drift reports.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a panic ends a check, and nothing else")]

pub mod bodies;
mod check;
mod drifted_keys;
mod envelope;
mod respelled;
mod subject;
mod values;

pub use check::{Verdict, check};
pub use subject::{Ours, Subject};
