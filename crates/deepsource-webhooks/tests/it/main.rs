//! What the crate promises about the webhooks of DeepSource, topic by topic.

mod accessors;
mod envelope;
mod errors;
mod events;
mod fixture;
mod personal_data;
mod round_trips;
mod sizes;
mod tolerances;
mod vocabularies;
