//! What the crate promises about the webhooks of DeepSource, topic by topic.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test may panic")]

mod accessors;
mod envelope;
mod errors;
mod events;
mod fixture;
mod personal_data;
mod round_trips;
mod sizes;
mod snapshots;
mod tolerances;
mod vocabularies;
