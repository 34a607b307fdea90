//! The inbox as its users meet it, on every store that the machine has.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it fails"
)]

mod bench;
mod consume;
#[cfg(feature = "postgres")]
mod contention;
mod faults;
mod fixtures;
#[cfg(all(feature = "axum", feature = "actix-web"))]
mod handler;
mod keep;
mod lease;
mod migration;
mod misuse;
mod model;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "prometheus")]
mod prometheus;
mod query;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "postgres")]
mod server_clock;
#[cfg(feature = "postgres")]
mod settle_in;
#[cfg(feature = "postgres")]
mod tls;
