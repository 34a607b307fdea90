//! The sinks as their receivers meet them: over real sockets, with real processes and files.

#![cfg(all(feature = "sinks", unix))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it fails")]

mod bench;
mod cloud_events;
mod exec;
mod file;
mod http;
mod load;
#[cfg(feature = "nats")]
mod nats;
mod server;
mod slack;
