//! The inbox as its users meet it, on every store that the machine has.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it fails"
)]

mod bench;
mod consume;
mod faults;
mod keep;
mod lease;
mod misuse;
<<<<<<< HEAD
#[cfg(feature = "postgres")]
mod postgres;
=======
#[cfg(feature = "prometheus")]
mod prometheus;
>>>>>>> 4719f70 (inbox: newest first, text of the key, counts over time, and metrics as OpenMetrics text)
mod query;
#[cfg(feature = "postgres")]
mod server;
